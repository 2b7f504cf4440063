with smallest_and_largest as (

    select
        period_type,
        period,
        area_level,
        area_code,
        min(new_count) as smallest_count,
        max(new_count) as largest_count
    from {{ ref('int_initiating_party_count') }}
    group by period_type, period, area_level, area_code

)

select
    smallest_and_largest.period_type,
    smallest_and_largest.period,
    smallest_and_largest.area_level,
    smallest_and_largest.area_code,
    smallest_and_largest.smallest_count,
    smallest_and_largest.largest_count,
    {{ percent('smallest_and_largest.smallest_count', 'smallest_and_largest.largest_count') }} as evenness_percent,
    areas.area_name
from smallest_and_largest
left join {{ ref('int_area') }} as areas
    on
        smallest_and_largest.area_level = areas.area_level
        and smallest_and_largest.area_code = areas.area_code
