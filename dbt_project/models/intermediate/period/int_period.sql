{#- Kind of period, its suffix, that of the period before, first month, months. -#}
{%- set parts_of_a_year = [
    ('year', '', '', 1, 12),
    ('half_year', 'H1', 'H2', 1, 6), ('half_year', 'H2', 'H1', 7, 6),
    ('quarter', 'Q1', 'Q4', 1, 3), ('quarter', 'Q2', 'Q1', 4, 3),
    ('quarter', 'Q3', 'Q2', 7, 3), ('quarter', 'Q4', 'Q3', 10, 3),
] -%}
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

    {% for part in parts_of_a_year -%}
    select
        '{{ part[0] }}' as period_type,
        '{{ part[1] }}' as suffix,
        '{{ part[2] }}' as previous_suffix,
        {{ part[3] }} as first_month,
        {{ part[4] }} as month_count
    {{ 'union all' if not loop.last }}
    {% endfor %}
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
        later.period_type,
        later.period,
        later.start_date,
        later.end_date,
        earlier.period as previous_period,
        later.period as label_sv
    from existing_calendar_periods as later
    left join existing_calendar_periods as earlier
        on
            later.period_type = earlier.period_type
            and later.earlier_period = earlier.period
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
