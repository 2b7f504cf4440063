with counts as (

    select
        period_type,
        period,
        previous_period,
        area_level,
        area_code,
        party_code,
        new_count,
        area_new_count
    from {{ ref('int_initiating_party_count') }}

),

-- 0 where the earlier period exists and has none, null where there is no earlier period.
counts_beside_earlier as (

    select
        counts.period_type,
        counts.period,
        counts.area_level,
        counts.area_code,
        counts.party_code,
        counts.new_count,
        counts.area_new_count,
        case when counts.previous_period is not null then coalesce(earlier.new_count, 0) end as previous_count
    from counts
    left join counts as earlier
        on
            counts.period_type = earlier.period_type
            and counts.previous_period = earlier.period
            and counts.area_level = earlier.area_level
            and counts.area_code = earlier.area_code
            and counts.party_code = earlier.party_code

)

select
    counts_beside_earlier.period_type,
    counts_beside_earlier.period,
    counts_beside_earlier.area_level,
    counts_beside_earlier.area_code,
    counts_beside_earlier.party_code,
    counts_beside_earlier.new_count,
    {{ percent('counts_beside_earlier.new_count', 'counts_beside_earlier.area_new_count') }} as share_percent,
    counts_beside_earlier.previous_count,
    {{ change_percent('counts_beside_earlier.previous_count', 'counts_beside_earlier.new_count') }}
        as change_percent,
    counts_beside_earlier.area_new_count,
    parties.label_sv,
    parties.label_en,
    parties.sort_order,
    areas.area_name
from counts_beside_earlier
left join {{ ref('dim_party') }} as parties on counts_beside_earlier.party_code = parties.party_code
left join {{ ref('int_area') }} as areas
    on
        counts_beside_earlier.area_level = areas.area_level
        and counts_beside_earlier.area_code = areas.area_code
