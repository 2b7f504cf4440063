with destination_totals as (

    select
        interval_key,
        municipality_code,
        horizon_months,
        destination_code,
        sum(case_count) as person_case_count
    from {{ ref('int_follow_up_total') }}
    where horizon_months > 0 and destination_status = 'in_cohort'
    group by interval_key, municipality_code, horizon_months, destination_code

),

counts_per_destination as (

    {{ sums_by_period_and_area(
        'destination_totals', ['county', 'municipality'], ['horizon_months', 'destination_code'], ['person_case_count']
    ) }}

),

cohorts as (

    select
        period_type,
        period,
        area_level,
        area_code,
        horizon_months,
        sum(person_case_count) as cohort_count
    from counts_per_destination
    group by period_type, period, area_level, area_code, horizon_months

),

-- Every destination as soon as the period, area and horizon have a cohort.
every_destination as (

    select
        cohorts.period_type,
        cohorts.period,
        cohorts.area_level,
        cohorts.area_code,
        cohorts.horizon_months,
        cohorts.cohort_count,
        destinations.destination_code,
        destinations.label_sv,
        destinations.label_en,
        destinations.sort_order
    from cohorts
    cross join {{ ref('ladder') }} as destinations

)

select
    every_destination.period_type,
    every_destination.period,
    every_destination.area_level,
    every_destination.area_code,
    every_destination.horizon_months,
    every_destination.destination_code,
    coalesce(counts_per_destination.person_case_count, 0) as person_case_count,
    {{ percent('coalesce(counts_per_destination.person_case_count, 0)', 'every_destination.cohort_count') }}
        as share_percent,
    every_destination.label_sv,
    every_destination.label_en,
    cast(every_destination.sort_order as integer) as sort_order,
    areas.area_name
from every_destination
left join counts_per_destination
    on
        every_destination.period_type = counts_per_destination.period_type
        and every_destination.period = counts_per_destination.period
        and every_destination.area_level = counts_per_destination.area_level
        and every_destination.area_code = counts_per_destination.area_code
        and every_destination.horizon_months = counts_per_destination.horizon_months
        and every_destination.destination_code = counts_per_destination.destination_code
left join {{ ref('int_area') }} as areas
    on
        every_destination.area_level = areas.area_level
        and every_destination.area_code = areas.area_code
