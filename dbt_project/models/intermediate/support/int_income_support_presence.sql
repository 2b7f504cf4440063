-- In which intervals a person had income support, by area and obstacle (and ALL), with the next such interval:
-- a person counts in a period exactly once, in the last interval of presence within it. Only persons of one
-- gender throughout, nearly all; the others are counted in int_income_support_gender_change.
with months as (

    select municipality_code, county_code, person_id, interval_key, gender_code, obstacle_code
    from {{ ref('int_income_support_month') }}
    where interval_key is not null

),

persons_of_one_gender as (

    select person_id, min(gender_code) as gender_code
    from months
    group by person_id
    having min(gender_code) = max(gender_code)

),

by_obstacle as (

    select distinct
        months.municipality_code,
        months.county_code,
        months.person_id,
        persons_of_one_gender.gender_code,
        months.interval_key,
        coalesce(months.obstacle_code, 'OKAND') as obstacle_code
    from months
    inner join persons_of_one_gender on months.person_id = persons_of_one_gender.person_id

),

by_area_and_obstacle as (

    select 'municipality' as area_level, municipality_code as area_code, person_id, gender_code, interval_key,
        obstacle_code
    from by_obstacle
    union all
    select distinct 'municipality' as area_level, municipality_code as area_code, person_id, gender_code,
        interval_key, 'ALL' as obstacle_code
    from by_obstacle
    union all
    select distinct 'county' as area_level, county_code as area_code, person_id, gender_code, interval_key,
        obstacle_code
    from by_obstacle
    union all
    select distinct 'county' as area_level, county_code as area_code, person_id, gender_code, interval_key,
        'ALL' as obstacle_code
    from by_obstacle

),

with_next_interval as (

    select
        area_level,
        area_code,
        obstacle_code,
        gender_code,
        interval_key,
        lead(interval_key) over (
            partition by area_level, area_code, obstacle_code, person_id
            order by interval_key
        ) as next_interval_key
    from by_area_and_obstacle

)

select
    area_level,
    area_code,
    obstacle_code,
    gender_code,
    interval_key,
    next_interval_key,
    count(*) as person_count
from with_next_interval
group by area_level, area_code, obstacle_code, gender_code, interval_key, next_interval_key
