with cases as (

    select
        case_key,
        case_id,
        person_id,
        consulted_on,
        case_type_code,
        is_new_case,
        team_id,
        municipality_code,
        county_code,
        gender_code,
        party_code,
        question_code,
        proposal_code,
        has_own_question,
        has_attended,
        has_feedback
    from {{ ref('int_case') }}

),

consents as (

    select
        case_key,
        is_identified,
        is_linkable_to_af,
        is_linkable_to_fk,
        is_linkable_to_kommun,
        is_linkable_to_rg
    from {{ ref('int_case_consent') }}

),

-- Only new cases are followed up.
coverage as (

    select
        municipality_code,
        consulted_on,
        is_covered_by_municipality,
        is_covered_by_af,
        is_covered_by_fk,
        has_closure_deliveries
    from {{ ref('int_follow_up_coverage') }}
    where horizon_months = 0

)

select
    cases.case_id,
    cases.person_id,
    cases.consulted_on,
    cases.case_type_code,
    cases.is_new_case,
    cases.team_id,
    cases.municipality_code,
    cases.county_code,
    cases.gender_code,
    cases.party_code,
    cases.question_code,
    cases.proposal_code,
    cases.has_own_question,
    cases.has_attended,
    cases.has_feedback,
    consents.is_identified,
    consents.is_linkable_to_af,
    consents.is_linkable_to_fk,
    consents.is_linkable_to_kommun,
    consents.is_linkable_to_rg,
    case when cases.is_new_case then coverage.is_covered_by_municipality end as is_covered_by_municipality,
    case when cases.is_new_case then coverage.is_covered_by_af end as is_covered_by_af,
    case when cases.is_new_case then coverage.is_covered_by_fk end as is_covered_by_fk,
    case when cases.is_new_case then coverage.has_closure_deliveries end as has_closure_deliveries
from cases
inner join consents on cases.case_key = consents.case_key
left join coverage
    on
        cases.municipality_code = coverage.municipality_code
        and cases.consulted_on = coverage.consulted_on
