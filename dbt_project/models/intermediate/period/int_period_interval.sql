-- The intervals that make up each period, with the leading columns of the indicator tables.
select
    periods.period_key,
    periods.period_type,
    periods.period,
    periods.previous_period,
    intervals.interval_key
from {{ ref('int_period') }} as periods
inner join {{ ref('int_interval') }} as intervals
    on
        intervals.first_day >= periods.start_date
        and intervals.last_day <= periods.end_date
