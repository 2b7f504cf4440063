-- Every day of every period, with the half-year it lies in: MetricFlow has no half-years of its own.
with whole_numbers as (

    {{ whole_numbers(5) }}

),

span as (

    select
        min(start_date) as first_day,
        max(end_date) as last_day
    from {{ ref('dim_period') }}

),

days as (

    select {{ add_days('span.first_day', 'whole_numbers.n') }} as calendar_day
    from span
    inner join whole_numbers
        on whole_numbers.n <= {{ days_between('span.first_day', 'span.last_day') }}

),

half_years as (

    select period, start_date, end_date
    from {{ ref('dim_period') }}
    where period_type = 'half_year'

)

select
    days.calendar_day,
    half_years.period as half_year
from days
left join half_years
    on days.calendar_day between half_years.start_date and half_years.end_date
