-- Consultations, new cases and follow-ups, with what every count of them needs.
with consultations as (

    select
        case_key,
        case_id,
        person_id,
        consulted_on,
        case_type_code,
        team_id,
        municipality_code,
        gender_code,
        party_code,
        question_code,
        proposal_code,
        has_own_question,
        has_attended,
        has_feedback
    from {{ ref('stg_rg__arenden') }}

)

select
    consultations.case_key,
    consultations.case_id,
    consultations.person_id,
    consultations.consulted_on,
    calendar_days.interval_key,
    consultations.case_type_code,
    consultations.case_type_code = 'NY' as is_new_case,
    consultations.team_id,
    consultations.municipality_code,
    left(consultations.municipality_code, 2) as county_code,
    consultations.gender_code,
    consultations.party_code,
    consultations.question_code,
    consultations.proposal_code,
    consultations.has_own_question,
    consultations.has_attended,
    consultations.has_feedback
from consultations
-- A consultation always lies in a period: years exist from the first to the last day covered.
left join {{ ref('int_calendar_day') }} as calendar_days
    on consultations.consulted_on = calendar_days.calendar_day
