with periods as (

    select
        period_intervals.period_type,
        period_intervals.period,
        {{ union_of_intervals('bit') }}
    from {{ ref('int_period_interval') }} as period_intervals
    inner join {{ ref('int_interval') }} as intervals
        on period_intervals.interval_key = intervals.interval_key
    group by period_intervals.period_type, period_intervals.period

),

persons as (

    select
        periods.period_type,
        periods.period,
        presence.area_level,
        presence.area_code,
        presence.obstacle_code,
        presence.gender_code,
        presence.person_count
    from {{ ref('int_income_support_presence') }} as presence
    inner join periods on {{ intervals_meet('presence', 'periods') }}
    union all
    select period_type, period, area_level, area_code, obstacle_code, gender_code, person_count
    from {{ ref('int_income_support_gender_change') }}

),

counts as (

    select
        period_type,
        period,
        area_level,
        area_code,
        obstacle_code,
        sum(case when gender_code = 'A' then person_count else 0 end) as unknown_count,
        sum(case when gender_code = 'K' then person_count else 0 end) as women_count,
        sum(case when gender_code = 'M' then person_count else 0 end) as men_count,
        sum(person_count) as total_count
    from persons
    group by period_type, period, area_level, area_code, obstacle_code

),

obstacles as (

    select code as obstacle_code, label_sv, label_en
    from {{ ref('code_list') }}
    where list_name = 'obstacle'
    union all
    select 'OKAND' as obstacle_code, 'Okänt' as label_sv, 'Unknown' as label_en
    union all
    select 'ALL' as obstacle_code, 'Alla' as label_sv, 'All' as label_en

)

select
    counts.period_type,
    counts.period,
    counts.area_level,
    counts.area_code,
    counts.obstacle_code,
    cast(counts.unknown_count as bigint) as unknown_count,
    cast(counts.women_count as bigint) as women_count,
    cast(counts.men_count as bigint) as men_count,
    cast(counts.total_count as bigint) as total_count,
    obstacles.label_sv,
    obstacles.label_en,
    areas.area_name
from counts
left join obstacles on counts.obstacle_code = obstacles.obstacle_code
left join {{ ref('int_area') }} as areas
    on
        counts.area_level = areas.area_level
        and counts.area_code = areas.area_code
