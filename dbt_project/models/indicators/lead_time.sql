-- Quantiles do not add up: the days themselves meet the periods, counted first, so that few rows do.
with plans_by_area as (

    select interval_key, 'municipality' as area_level, municipality_code as area_code, lead_time_days
    from {{ ref('int_plan') }}
    union all
    select interval_key, 'county' as area_level, county_code as area_code, lead_time_days
    from {{ ref('int_plan') }}

),

lead_times as (

    select
        periods.period_type,
        periods.period,
        plans_by_area.area_level,
        plans_by_area.area_code,
        count(*) as plan_count,
        percentile_cont(0.5) within group (order by cast(plans_by_area.lead_time_days as double)) as median_days,
        percentile_cont(0.9) within group (order by cast(plans_by_area.lead_time_days as double)) as p90_days
    from plans_by_area
    inner join {{ ref('int_period_interval') }} as periods on plans_by_area.interval_key = periods.interval_key
    group by periods.period_type, periods.period, plans_by_area.area_level, plans_by_area.area_code

)

select
    lead_times.period_type,
    lead_times.period,
    lead_times.area_level,
    lead_times.area_code,
    lead_times.plan_count,
    lead_times.median_days,
    lead_times.p90_days,
    areas.area_name
from lead_times
left join {{ ref('int_area') }} as areas
    on
        lead_times.area_level = areas.area_level
        and lead_times.area_code = areas.area_code
