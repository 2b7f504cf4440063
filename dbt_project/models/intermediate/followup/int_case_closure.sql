{{ config(
    materialized='table_in_part',
    meta={'in_part_by': 'case_key', 'in_part_of': ['avslut']}
) }}

with cases as (

    select * from {{ ref('int_case') }}

),

consents as (

    select * from {{ ref('int_case_consent') }}

),

closures as (

    select * from {{ ref('int_closure') }}

),

closing_days as (

    -- Several municipalities may close on one day: the alphabetically first reason stands for the day.
    select
        person_id,
        closed_on,
        min(closing_reason_code) as closing_reason_code,
        bool_or(is_self_support) as is_self_support
    from closures
    group by person_id, closed_on

),

closing_days_of_cases as (

    select
        cases.case_key,
        {{ add_months('cases.consulted_on', 6) }} as month_6_on,
        {{ add_months('cases.consulted_on', 12) }} as month_12_on,
        closing_days.closed_on,
        closing_days.closing_reason_code,
        closing_days.is_self_support
    from cases
    inner join consents
        on cases.case_key = consents.case_key
    inner join closing_days
        on cases.person_id = closing_days.person_id
        and cases.consulted_on < closing_days.closed_on
    where cases.is_new_case
        and consents.is_linkable_to_kommun
        and {{ of_this_build('cases.case_key', 'case_key') }}

)

select
    case_key,
    min(closed_on) filter (where is_self_support) as first_self_support_on,
    {% for months in [6, 12] -%}
    max(closed_on) filter (where closed_on <= month_{{ months }}_on) as month_{{ months }}_closed_on,
    max_by(closing_reason_code, closed_on) filter (
        where closed_on <= month_{{ months }}_on
    ) as month_{{ months }}_closing_reason_code
    {{- ',' if not loop.last }}
    {% endfor %}
from closing_days_of_cases
group by case_key
