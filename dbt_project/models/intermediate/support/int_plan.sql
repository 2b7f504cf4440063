-- Plans by the day of the plan, with the days since the first contact.
{{ config(materialized='view') }}

select
    plans.municipality_code,
    left(plans.municipality_code, 2) as county_code,
    plans.person_id,
    plans.first_contact_on,
    plans.planned_on,
    calendar_days.interval_key,
    {{ days_between('plans.first_contact_on', 'plans.planned_on') }} as lead_time_days
from {{ ref('stg_kommun__planering') }} as plans
left join {{ ref('int_calendar_day') }} as calendar_days on plans.planned_on = calendar_days.calendar_day
