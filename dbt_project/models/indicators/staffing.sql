-- Average over the days of the period: a day outside of every span counts 0, overlapping spans add up.
with spans_in_periods as (

    select
        periods.period_type,
        periods.period,
        periods.day_count,
        spans.party_code,
        spans.role,
        spans.planned_fte,
        spans.actual_fte,
        {{ days_between(
            'greatest(spans.start_date, periods.start_date)',
            'least(coalesce(spans.end_date, periods.end_date), periods.end_date)'
        ) }} + 1 as days_inside
    from {{ ref('int_staffing_span') }} as spans
    inner join {{ ref('int_period') }} as periods
        on
            spans.start_date <= periods.end_date
            and (spans.end_date is null or spans.end_date >= periods.start_date)

),

averages as (

    select
        period_type,
        period,
        party_code,
        role,
        sum(planned_fte * days_inside) / max(day_count) as planned_fte,
        sum(actual_fte * days_inside) / max(day_count) as actual_fte
    from spans_in_periods
    group by period_type, period, party_code, role

)

select
    period_type,
    period,
    party_code,
    role,
    planned_fte,
    actual_fte,
    planned_fte - actual_fte as gap_fte
from averages
