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
