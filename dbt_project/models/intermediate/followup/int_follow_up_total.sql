{%- set conditions = follow_up_conditions() -%}
with follow_ups as (

    select * from {{ ref('fct_follow_up') }}

),

calendar_days as (

    select * from {{ ref('int_calendar_day') }}

)

select
    calendar_days.interval_key,
    follow_ups.municipality_code,
    follow_ups.gender_code,
    follow_ups.party_code,
    follow_ups.horizon_months,
    {% for measure, condition in conditions.items() -%}
    count(*) filter (where {{ condition }}) as {{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
from follow_ups
inner join calendar_days
    on follow_ups.consulted_on = calendar_days.calendar_day
group by
    calendar_days.interval_key,
    follow_ups.municipality_code,
    follow_ups.gender_code,
    follow_ups.party_code,
    follow_ups.horizon_months
