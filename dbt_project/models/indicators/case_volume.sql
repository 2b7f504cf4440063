with consultations as (

    select
        interval_key,
        municipality_code,
        team_id,
        count(*) filter (where is_new_case) as new_count,
        count(*) filter (where not is_new_case) as follow_up_count,
        count(*) as total_count
    from {{ ref('int_case') }}
    group by interval_key, municipality_code, team_id

),

volumes as (

    {{ sums_by_period_and_area(
        'consultations', ['county', 'municipality', 'team'], [], ['new_count', 'follow_up_count', 'total_count']
    ) }}

),

-- 0 where the earlier period exists and has none, null where there is no earlier period.
volumes_beside_earlier as (

    select
        volumes.period_type,
        volumes.period,
        volumes.area_level,
        volumes.area_code,
        volumes.new_count,
        volumes.follow_up_count,
        volumes.total_count,
        case
            when volumes.previous_period is not null then coalesce(earlier.new_count, 0)
        end as previous_new_count
    from volumes
    left join volumes as earlier
        on
            volumes.period_type = earlier.period_type
            and volumes.previous_period = earlier.period
            and volumes.area_level = earlier.area_level
            and volumes.area_code = earlier.area_code

)

select
    volumes_beside_earlier.period_type,
    volumes_beside_earlier.period,
    volumes_beside_earlier.area_level,
    volumes_beside_earlier.area_code,
    volumes_beside_earlier.new_count,
    volumes_beside_earlier.follow_up_count,
    volumes_beside_earlier.total_count,
    volumes_beside_earlier.previous_new_count,
    {{ change_percent('volumes_beside_earlier.previous_new_count', 'volumes_beside_earlier.new_count') }}
        as new_change_percent,
    areas.area_name
from volumes_beside_earlier
left join {{ ref('int_area') }} as areas
    on
        volumes_beside_earlier.area_level = areas.area_level
        and volumes_beside_earlier.area_code = areas.area_code
