{{ config(
    materialized='table_in_part',
    meta={'in_part_by': 'municipality_code', 'in_part_of': ['forsorjningsstod']}
) }}

select
    municipality_code,
    county_code,
    person_id,
    month_start,
    gender_code,
    amount_sek,
    is_main_income,
    obstacle_code
from {{ ref('int_income_support_month') }}
where {{ of_this_build('municipality_code', 'municipality_code') }}
