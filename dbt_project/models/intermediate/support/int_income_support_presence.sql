-- How many persons share an area, an obstacle (or ALL), a gender and a set of intervals with income support: a
-- person counts in a period when the set meets the period's. Only persons of one gender throughout, nearly all;
-- the others are counted in int_income_support_gender_change.
with persons_of_one_gender as (

    select person_id, min(first_gender_code) as gender_code
    from {{ ref('int_income_support_person') }}
    group by person_id
    having min(first_gender_code) = max(last_gender_code)

),

by_municipality_and_obstacle as (

    select
        support.municipality_code,
        support.county_code,
        support.person_id,
        persons_of_one_gender.gender_code,
        support.obstacle_code,
        {{ interval_columns('support') }}
    from {{ ref('int_income_support_person') }} as support
    inner join persons_of_one_gender on support.person_id = persons_of_one_gender.person_id

),

by_municipality as (

    select
        municipality_code, county_code, person_id, gender_code, 'ALL' as obstacle_code,
        {{ union_of_intervals('intervals') }}
    from by_municipality_and_obstacle
    group by municipality_code, county_code, person_id, gender_code

),

by_county_and_obstacle as (

    select
        county_code, person_id, gender_code, obstacle_code,
        {{ union_of_intervals('intervals') }}
    from by_municipality_and_obstacle
    group by county_code, person_id, gender_code, obstacle_code

),

by_county as (

    select
        county_code, person_id, gender_code, 'ALL' as obstacle_code,
        {{ union_of_intervals('intervals') }}
    from by_municipality
    group by county_code, person_id, gender_code

),

by_area as (

    select
        'municipality' as area_level, municipality_code as area_code, gender_code, obstacle_code,
        {{ interval_columns() }}
    from by_municipality_and_obstacle
    union all
    select
        'municipality' as area_level, municipality_code as area_code, gender_code, obstacle_code,
        {{ interval_columns() }}
    from by_municipality
    union all
    select
        'county' as area_level, county_code as area_code, gender_code, obstacle_code,
        {{ interval_columns() }}
    from by_county_and_obstacle
    union all
    select
        'county' as area_level, county_code as area_code, gender_code, obstacle_code,
        {{ interval_columns() }}
    from by_county

)

select
    area_level,
    area_code,
    obstacle_code,
    gender_code,
    {{ interval_columns() }},
    count(*) as person_count
from by_area
group by area_level, area_code, obstacle_code, gender_code, {{ interval_columns() }}
