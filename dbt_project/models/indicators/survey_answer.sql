with answers as (

    select wave_code, gender_code as gender, readiness_code as answer_code
    from {{ ref('int_survey_response') }}
    where readiness_code is not null
    union all
    select wave_code, 'T' as gender, readiness_code as answer_code
    from {{ ref('int_survey_response') }}
    where readiness_code is not null

),

counts as (

    select wave_code, gender, answer_code, count(*) as answer_count
    from answers
    group by wave_code, gender, answer_code

),

totals as (

    select wave_code, gender, sum(answer_count) as known_count
    from counts
    group by wave_code, gender

),

grades as (

    select code as answer_code, label_sv, label_en, sort_order
    from {{ ref('code_list') }}
    where list_name = 'readiness_answer'

)

select
    totals.wave_code,
    totals.gender,
    grades.answer_code,
    cast(coalesce(counts.answer_count, 0) as bigint) as answer_count,
    {{ percent('coalesce(counts.answer_count, 0)', 'totals.known_count') }} as answer_percent,
    cast(totals.known_count as bigint) as known_count,
    grades.label_sv,
    grades.label_en,
    grades.sort_order
from totals
cross join grades
left join counts
    on
        totals.wave_code = counts.wave_code
        and totals.gender = counts.gender
        and grades.answer_code = counts.answer_code
