with units as (

    select unit_type_code as unit_type, municipality_code, county_code, team_from, team_to
    from {{ ref('int_unit') }}
    union all
    select 'ALL' as unit_type, municipality_code, county_code, team_from, team_to
    from {{ ref('int_unit') }}

),

units_by_area as (

    select 'county' as area_level, county_code as area_code, unit_type, team_from, team_to
    from units
    union all
    select 'municipality' as area_level, municipality_code as area_code, unit_type, team_from, team_to
    from units

),

-- A unit has a team in a period when it has one on the period's last day.
counts as (

    select
        periods.period_type,
        periods.period,
        units_by_area.area_level,
        units_by_area.area_code,
        units_by_area.unit_type,
        count(*) as unit_count,
        count(*) filter (
            where
            units_by_area.team_from <= periods.end_date
            and (units_by_area.team_to is null or units_by_area.team_to >= periods.end_date)
        ) as team_count
    from units_by_area
    cross join {{ ref('int_period') }} as periods
    group by
        periods.period_type, periods.period, units_by_area.area_level, units_by_area.area_code,
        units_by_area.unit_type

)

select
    counts.period_type,
    counts.period,
    counts.area_level,
    counts.area_code,
    counts.unit_type,
    counts.unit_count,
    counts.team_count,
    {{ percent('counts.team_count', 'counts.unit_count') }} as coverage_percent,
    areas.area_name
from counts
left join {{ ref('int_area') }} as areas
    on
        counts.area_level = areas.area_level
        and counts.area_code = areas.area_code
