-- Months with income support; a month lies in a period by its first day.
{{ config(materialized='view') }}

select
    months.municipality_code,
    left(months.municipality_code, 2) as county_code,
    months.person_id,
    months.month_start,
    calendar_days.interval_key,
    months.gender_code,
    months.amount_sek,
    months.is_main_income,
    months.obstacle_code
from {{ ref('stg_kommun__forsorjningsstod') }} as months
left join {{ ref('int_calendar_day') }} as calendar_days on months.month_start = calendar_days.calendar_day
