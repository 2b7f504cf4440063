{%- set measures = [
    'own_question_yes', 'own_question_known', 'attended_yes', 'attended_known', 'feedback_yes', 'feedback_known'
] -%}
with new_cases as (

    select
        interval_key,
        municipality_code,
        party_code,
        count(*) filter (where has_own_question) as own_question_yes,
        count(has_own_question) as own_question_known,
        count(*) filter (where has_attended) as attended_yes,
        count(has_attended) as attended_known,
        count(*) filter (where has_feedback) as feedback_yes,
        count(has_feedback) as feedback_known
    from {{ ref('int_case') }}
    where is_new_case
    group by interval_key, municipality_code, party_code

),

new_cases_per_party_and_all as (

    select
        interval_key,
        municipality_code,
        party_code,
        {{ measures | join(', ') }}
    from new_cases
    union all
    select
        interval_key,
        municipality_code,
        'ALL' as party_code,
        {{ measures | join(', ') }}
    from new_cases

),

answers as (

    {{ sums_by_period_and_area(
        'new_cases_per_party_and_all', ['county', 'municipality'], ['party_code'], measures
    ) }}

)

select
    answers.period_type,
    answers.period,
    answers.area_level,
    answers.area_code,
    answers.party_code,
    answers.own_question_yes,
    answers.own_question_known,
    {{ percent('answers.own_question_yes', 'answers.own_question_known') }} as own_question_percent,
    answers.attended_yes,
    answers.attended_known,
    {{ percent('answers.attended_yes', 'answers.attended_known') }} as attended_percent,
    answers.feedback_yes,
    answers.feedback_known,
    {{ percent('answers.feedback_yes', 'answers.feedback_known') }} as feedback_percent,
    areas.area_name
from answers
left join {{ ref('int_area') }} as areas
    on
        answers.area_level = areas.area_level
        and answers.area_code = areas.area_code
where answers.own_question_known + answers.attended_known + answers.feedback_known > 0
