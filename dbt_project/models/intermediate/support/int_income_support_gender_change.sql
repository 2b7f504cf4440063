-- Persons whose deliveries state several genders: in a period they count under that of their latest month in it.
-- Few, so every month of theirs may meet every period.
with months as (

    select municipality_code, county_code, person_id, interval_key, month_start, gender_code, obstacle_code
    from {{ ref('int_income_support_month') }}
    where interval_key is not null

),

persons_of_several_genders as (

    select person_id
    from {{ ref('int_income_support_person') }}
    group by person_id
    having min(first_gender_code) < max(last_gender_code)

),

months_by_area as (

    select 'municipality' as area_level, months.municipality_code as area_code, months.person_id,
        months.interval_key, months.month_start, months.gender_code, months.obstacle_code
    from months
    inner join persons_of_several_genders on months.person_id = persons_of_several_genders.person_id
    union all
    select 'county' as area_level, months.county_code as area_code, months.person_id,
        months.interval_key, months.month_start, months.gender_code, months.obstacle_code
    from months
    inner join persons_of_several_genders on months.person_id = persons_of_several_genders.person_id

),

months_in_periods as (

    select
        periods.period_type,
        periods.period,
        months_by_area.area_level,
        months_by_area.area_code,
        months_by_area.person_id,
        coalesce(months_by_area.obstacle_code, 'OKAND') as obstacle_code,
        -- Two municipalities may state two genders in one month: the code that sorts first, to be repeatable.
        first_value(months_by_area.gender_code) over (
            partition by
                periods.period_type, periods.period, months_by_area.area_level, months_by_area.area_code,
                months_by_area.person_id
            order by months_by_area.month_start desc, months_by_area.gender_code asc
        ) as gender_code
    from months_by_area
    inner join {{ ref('int_period_interval') }} as periods on months_by_area.interval_key = periods.interval_key

),

persons as (

    select distinct period_type, period, area_level, area_code, obstacle_code, gender_code, person_id
    from months_in_periods
    union all
    select distinct period_type, period, area_level, area_code, 'ALL' as obstacle_code, gender_code, person_id
    from months_in_periods

)

select
    period_type,
    period,
    area_level,
    area_code,
    obstacle_code,
    gender_code,
    count(*) as person_count
from persons
group by period_type, period, area_level, area_code, obstacle_code, gender_code
