-- In every period and area, the reasons of each cohort and horizon add up to the new cases, and those in the cohort are
-- the cohort of the indicator. Fails with the cohorts that do not.
with new_cases as (

    select period_type, period, area_level, area_code, new_count
    from {{ ref('case_volume') }}
    where area_level in ('county', 'municipality') and new_count > 0

),

cohorts as (

    select distinct cohort, horizon
    from {{ ref('cohort_flow') }}

),

cohort_flow as (

    select
        period_type,
        period,
        area_level,
        area_code,
        cohort,
        horizon,
        sum(case_count) as case_count,
        coalesce(sum(case_count) filter (where reason = 'in_cohort'), 0) as cohort_count
    from {{ ref('cohort_flow') }}
    group by period_type, period, area_level, area_code, cohort, horizon

),

indicator_cohorts as (

    select
        period_type,
        period,
        area_level,
        area_code,
        scope as cohort,
        cast(horizon_months as {{ dbt.type_string() }}) as horizon,
        cohort_count
    from {{ ref('support_follow_up') }}
    where gender = 'T'
    union all
    select
        period_type,
        period,
        area_level,
        area_code,
        'self_support' as cohort,
        horizon,
        cohort_count
    from {{ ref('self_support') }}
    where gender = 'T'
    union all
    select distinct
        period_type,
        period,
        area_level,
        area_code,
        'destination' as cohort,
        cast(horizon_months as {{ dbt.type_string() }}) as horizon,
        cohort_count
    from {{ ref('new_benefit') }}

)

select
    new_cases.period_type,
    new_cases.period,
    new_cases.area_level,
    new_cases.area_code,
    cohorts.cohort,
    cohorts.horizon,
    new_cases.new_count,
    cohort_flow.case_count,
    cohort_flow.cohort_count,
    indicator_cohorts.cohort_count as indicator_cohort_count
from new_cases
cross join cohorts
left join cohort_flow
    on new_cases.period_type = cohort_flow.period_type
    and new_cases.period = cohort_flow.period
    and new_cases.area_level = cohort_flow.area_level
    and new_cases.area_code = cohort_flow.area_code
    and cohorts.cohort = cohort_flow.cohort
    and cohorts.horizon = cohort_flow.horizon
left join indicator_cohorts
    on new_cases.period_type = indicator_cohorts.period_type
    and new_cases.period = indicator_cohorts.period
    and new_cases.area_level = indicator_cohorts.area_level
    and new_cases.area_code = indicator_cohorts.area_code
    and cohorts.cohort = indicator_cohorts.cohort
    and cohorts.horizon = indicator_cohorts.horizon
where
    new_cases.new_count <> coalesce(cohort_flow.case_count, 0)
    or coalesce(cohort_flow.cohort_count, 0) <> coalesce(indicator_cohorts.cohort_count, 0)
