with responses as (

    select wave_code, gender_code as gender, has_answered, readiness_code, is_ready
    from {{ ref('int_survey_response') }}
    union all
    select wave_code, 'T' as gender, has_answered, readiness_code, is_ready
    from {{ ref('int_survey_response') }}

),

counts as (

    select
        wave_code,
        gender,
        count(*) as sent_count,
        count(*) filter (where has_answered) as answered_count,
        count(*) filter (where is_ready) as ready_count,
        count(readiness_code) as readiness_known_count
    from responses
    group by wave_code, gender

)

select
    wave_code,
    gender,
    sent_count,
    answered_count,
    {{ percent('answered_count', 'sent_count') }} as response_percent,
    ready_count,
    readiness_known_count,
    {{ percent('ready_count', 'readiness_known_count') }} as ready_percent
from counts
