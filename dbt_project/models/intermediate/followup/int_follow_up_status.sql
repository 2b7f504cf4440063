with follow_ups as (

    select * from {{ ref('fct_follow_up') }}

),

calendar_days as (

    select * from {{ ref('int_calendar_day') }}

)

select
    calendar_days.interval_key,
    follow_ups.municipality_code,
    follow_ups.horizon_months,
    follow_ups.all_public_status,
    follow_ups.income_support_status,
    follow_ups.destination_status,
    follow_ups.self_support_status,
    follow_ups.self_support_to_date_status,
    follow_ups.destination_code,
    count(*) as case_count
from follow_ups
inner join calendar_days
    on follow_ups.consulted_on = calendar_days.calendar_day
group by
    calendar_days.interval_key,
    follow_ups.municipality_code,
    follow_ups.horizon_months,
    follow_ups.all_public_status,
    follow_ups.income_support_status,
    follow_ups.destination_status,
    follow_ups.self_support_status,
    follow_ups.self_support_to_date_status,
    follow_ups.destination_code
