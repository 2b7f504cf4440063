{{ config(materialized='view') }}

with cases as (

    select * from {{ ref('int_case') }}
    where is_new_case

),

coverage as (

    select * from {{ ref('int_follow_up_coverage') }}

),

consents as (

    select * from {{ ref('int_case_consent') }}

),

support as (

    select * from {{ ref('int_case_support') }}

),

closures as (

    select * from {{ ref('int_case_closure') }}

)

select
    cases.case_key,
    cases.case_id,
    cases.person_id,
    cases.consulted_on,
    cases.municipality_code,
    cases.county_code,
    cases.team_id,
    cases.gender_code,
    cases.party_code,
    cases.question_code,
    cases.proposal_code,
    coverage.horizon_months,
    coverage.followed_up_on,
    coverage.is_covered_by_municipality,
    coverage.is_covered_by_af,
    coverage.is_covered_by_fk,
    coverage.is_covered,
    coverage.is_covered_by_closures,
    coverage.has_closure_deliveries,
    coverage.is_start_covered_by_municipality,
    coverage.is_start_covered,
    consents.is_identified,
    consents.is_linkable_to_af,
    consents.is_linkable_to_fk,
    consents.is_linkable_to_kommun,
    consents.is_linkable_to_rg,
    consents.is_linkable_to_af
    and consents.is_linkable_to_fk
    and consents.is_linkable_to_kommun as is_linkable,
    coalesce(support.start_mask, 0) as start_mask,
    case coverage.horizon_months
        when 0 then coalesce(support.start_mask, 0)
        when 6 then coalesce(support.month_6_mask, 0)
        when 12 then coalesce(support.month_12_mask, 0)
    end as support_mask,
    case coverage.horizon_months
        when 0 then 0
        when 6 then coalesce(support.begun_by_month_6_mask, 0)
        when 12 then coalesce(support.begun_by_month_12_mask, 0)
    end as begun_mask,
    case coverage.horizon_months
        when 6 then closures.month_6_closed_on
        when 12 then closures.month_12_closed_on
    end as closed_on,
    case coverage.horizon_months
        when 6 then closures.month_6_closing_reason_code
        when 12 then closures.month_12_closing_reason_code
    end as closing_reason_code,
    closures.first_self_support_on
from cases
inner join coverage
    on cases.municipality_code = coverage.municipality_code
    and cases.consulted_on = coverage.consulted_on
inner join consents
    on cases.case_key = consents.case_key
left join support
    on cases.case_key = support.case_key
left join closures
    on cases.case_key = closures.case_key
