{{ config(
    materialized='table_in_part',
    meta={'in_part_by': 'municipality_code', 'in_part_of': ['forsorjningsstod']}
) }}

-- In which intervals a person had income support, by municipality and obstacle: the months, read once.
with months as (

    select
        months.municipality_code,
        months.county_code,
        months.person_id,
        coalesce(months.obstacle_code, 'OKAND') as obstacle_code,
        months.gender_code,
        {% for word in range(interval_words()) -%}
        intervals.bit_{{ word }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_income_support_month') }} as months
    inner join {{ ref('int_interval') }} as intervals on months.interval_key = intervals.interval_key
    where {{ of_this_build('months.municipality_code', 'municipality_code') }}

)

select
    municipality_code,
    county_code,
    person_id,
    obstacle_code,
    min(gender_code) as first_gender_code,
    max(gender_code) as last_gender_code,
    {{ union_of_intervals('bit') }}
from months
group by municipality_code, county_code, person_id, obstacle_code
