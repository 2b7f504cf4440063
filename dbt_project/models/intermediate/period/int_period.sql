with arenden_covered as (

    select min(period_start) as first_day, max(period_end) as last_day
    from {{ ref('stg_shared__delivery') }}
    where dataset = 'arenden'

),

whole_numbers as (

    {{ whole_numbers(3) }}

),

calendar_years as (

    select cast(extract(year from arenden_covered.first_day) + whole_numbers.n as integer) as calendar_year
    from arenden_covered
    inner join whole_numbers
        on extract(year from arenden_covered.first_day) + whole_numbers.n
        <= extract(year from arenden_covered.last_day)

),

parts_of_a_year as (

    select 'year' as period_type, '' as suffix, '' as previous_suffix, 1 as first_month, 12 as month_count
    union all select 'half_year', 'H1', 'H2', 1, 6
    union all select 'half_year', 'H2', 'H1', 7, 6
    union all select 'quarter', 'Q1', 'Q4', 1, 3
    union all select 'quarter', 'Q2', 'Q1', 4, 3
    union all select 'quarter', 'Q3', 'Q2', 7, 3
    union all select 'quarter', 'Q4', 'Q3', 10, 3

),

calendar_periods as (

    select
        parts_of_a_year.period_type,
        cast(calendar_years.calendar_year as string) || parts_of_a_year.suffix as period,
        make_date(calendar_years.calendar_year, parts_of_a_year.first_month, 1) as start_date,
        parts_of_a_year.month_count,
        cast(
            case
                when parts_of_a_year.first_month = 1 then calendar_years.calendar_year - 1
                else calendar_years.calendar_year
            end as string
        ) || parts_of_a_year.previous_suffix as earlier_period
    from calendar_years
    cross join parts_of_a_year

),

calendar_periods_with_end as (

    select
        period_type,
        period,
        start_date,
        {{ add_days(add_months('start_date', 'month_count'), -1) }} as end_date,
        earlier_period
    from calendar_periods

),

-- A period exists when any of its days lies between the first and the last day covered.
existing_calendar_periods as (

    select
        calendar_periods_with_end.period_type,
        calendar_periods_with_end.period,
        calendar_periods_with_end.start_date,
        calendar_periods_with_end.end_date,
        calendar_periods_with_end.earlier_period
    from calendar_periods_with_end
    cross join arenden_covered
    where
        calendar_periods_with_end.start_date <= arenden_covered.last_day
        and calendar_periods_with_end.end_date >= arenden_covered.first_day

),

all_periods as (

    select
        existing.period_type,
        existing.period,
        existing.start_date,
        existing.end_date,
        earlier.period as previous_period,
        existing.period as label_sv
    from existing_calendar_periods as existing
    left join existing_calendar_periods as earlier
        on
            existing.period_type = earlier.period_type
            and existing.earlier_period = earlier.period
    union all
    select
        'reporting' as period_type,
        code as period,
        start_date,
        end_date,
        cast(null as string) as previous_period,
        label_sv
    from {{ ref('reporting_period') }}

)

select
    cast(row_number() over (order by period_type, start_date, period) as integer) as period_key,
    period_type,
    period,
    start_date,
    end_date,
    cast({{ days_between('start_date', 'end_date') }} + 1 as integer) as day_count,
    previous_period,
    label_sv
from all_periods
