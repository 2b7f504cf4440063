{%- set kept_apart = [
    'municipality_code', 'gender_code', 'party_code', 'horizon_months', 'all_public_status', 'income_support_status',
    'destination_status', 'self_support_status', 'self_support_to_date_status', 'destination_code'
] -%}
with follow_ups as (

    -- The mart, which has just been written: computing its rows a second time costs more than reading them.
    select * from {{ ref('fct_follow_up') }}

),

calendar_days as (

    select * from {{ ref('int_calendar_day') }}

)

-- The one reading of all follow-ups: whatever the indicators count is a sum of these rows.
select
    calendar_days.interval_key,
    {% for column in kept_apart -%}
    follow_ups.{{ column }},
    {% endfor -%}
    count(*) as case_count,
    {% for measure, condition in follow_up_conditions().items() -%}
    count(*) filter (where {{ condition }}) as {{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
from follow_ups
inner join calendar_days
    on follow_ups.consulted_on = calendar_days.calendar_day
group by
    calendar_days.interval_key,
    {% for column in kept_apart -%}
    follow_ups.{{ column }}{{ ',' if not loop.last }}
    {% endfor %}
