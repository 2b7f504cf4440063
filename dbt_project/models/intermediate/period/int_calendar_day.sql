-- Every day of every period, so that a fact finds its interval by equality.
with whole_numbers as (

    {{ whole_numbers(5) }}

)

select
    {{ add_days('intervals.first_day', 'whole_numbers.n') }} as calendar_day,
    intervals.interval_key
from {{ ref('int_interval') }} as intervals
inner join whole_numbers
    on whole_numbers.n <= {{ days_between('intervals.first_day', 'intervals.last_day') }}
