with consultations as (

    -- Coverage is the same for all cases of a municipality and day: a few hundred thousand rows, whatever the volume.
    select distinct municipality_code, consulted_on
    from {{ ref('int_case') }}
    where is_new_case

),

horizons as (

    {% for months in follow_up_horizons() -%}
    select {{ months }} as horizon_months{{ ' union all ' if not loop.last }}
    {%- endfor %}

),

follow_ups as (

    select
        consultations.municipality_code,
        consultations.consulted_on,
        cast(horizons.horizon_months as integer) as horizon_months,
        {{ add_months('consultations.consulted_on', 'horizons.horizon_months') }} as followed_up_on
    from consultations
    cross join horizons

),

follow_up_dates as (

    select distinct followed_up_on
    from follow_ups

),

coverage as (

    select * from {{ ref('int_coverage') }}

),

municipality_coverage as (

    select
        {{ municipality_of_deliverer('deliverer') }} as municipality_code,
        dataset,
        covered_from,
        covered_until
    from coverage
    where deliverer like 'kommun-%'

),

benefit_coverage as (

    select
        follow_up_dates.followed_up_on,
        bool_or(coverage.deliverer = 'af') as is_covered_by_af,
        bool_or(coverage.deliverer = 'fk') as is_covered_by_fk
    from follow_up_dates
    inner join coverage
        on coverage.covered_from <= follow_up_dates.followed_up_on
        and coverage.covered_until >= follow_up_dates.followed_up_on
    where coverage.dataset = 'ersattning'
    group by follow_up_dates.followed_up_on

),

municipalities_with_closures as (

    select distinct municipality_code
    from municipality_coverage
    where dataset = 'avslut'

),

covered_follow_ups as (

    select
        follow_ups.municipality_code,
        follow_ups.consulted_on,
        follow_ups.horizon_months,
        follow_ups.followed_up_on,
        income_support.municipality_code is not null as is_covered_by_municipality,
        coalesce(benefit_coverage.is_covered_by_af, false) as is_covered_by_af,
        coalesce(benefit_coverage.is_covered_by_fk, false) as is_covered_by_fk,
        closures.municipality_code is not null as is_covered_by_closures,
        municipalities_with_closures.municipality_code is not null as has_closure_deliveries
    from follow_ups
    left join benefit_coverage
        on follow_ups.followed_up_on = benefit_coverage.followed_up_on
    left join municipality_coverage as income_support
        on follow_ups.municipality_code = income_support.municipality_code
        and income_support.dataset = 'forsorjningsstod'
        and follow_ups.followed_up_on between income_support.covered_from and income_support.covered_until
    left join municipality_coverage as closures
        on follow_ups.municipality_code = closures.municipality_code
        and closures.dataset = 'avslut'
        and follow_ups.followed_up_on between closures.covered_from and closures.covered_until
    left join municipalities_with_closures
        on follow_ups.municipality_code = municipalities_with_closures.municipality_code

)

select
    at_follow_up.municipality_code,
    at_follow_up.consulted_on,
    at_follow_up.horizon_months,
    at_follow_up.followed_up_on,
    at_follow_up.is_covered_by_municipality,
    at_follow_up.is_covered_by_af,
    at_follow_up.is_covered_by_fk,
    at_follow_up.is_covered_by_municipality
    and at_follow_up.is_covered_by_af
    and at_follow_up.is_covered_by_fk as is_covered,
    at_follow_up.is_covered_by_closures,
    at_follow_up.has_closure_deliveries,
    at_start.is_covered_by_municipality as is_start_covered_by_municipality,
    at_start.is_covered_by_municipality
    and at_start.is_covered_by_af
    and at_start.is_covered_by_fk as is_start_covered
from covered_follow_ups as at_follow_up
inner join covered_follow_ups as at_start
    on at_follow_up.municipality_code = at_start.municipality_code
    and at_follow_up.consulted_on = at_start.consulted_on
    and at_start.horizon_months = 0
