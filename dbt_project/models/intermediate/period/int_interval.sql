-- Time cut at every boundary of every period: within an interval, every fact belongs to the same periods.
-- Sets of intervals are kept as bits: each interval is one bit of one of four words of 60 bits.
with boundaries as (

    select start_date as first_day from {{ ref('int_period') }}
    union
    select {{ add_days('end_date', 1) }} as first_day from {{ ref('int_period') }}

),

spans as (

    select
        first_day,
        {{ add_days('lead(first_day) over (order by first_day)', -1) }} as last_day
    from boundaries

),

intervals as (

    select
        first_day,
        last_day,
        cast(row_number() over (order by first_day) as integer) as interval_key
    from spans
    where last_day is not null

)

select
    interval_key,
    first_day,
    last_day,
    {% for word in range(interval_words()) -%}
    -- A power of two below 2^60 is exact as a double.
    case
        when interval_key > {{ 60 * word }} and interval_key <= {{ 60 * (word + 1) }}
            then cast(power(2, interval_key - {{ 60 * word + 1 }}) as bigint)
        else cast(0 as bigint)
    end as bit_{{ word }}{{ ',' if not loop.last }}
    {% endfor %}
from intervals
