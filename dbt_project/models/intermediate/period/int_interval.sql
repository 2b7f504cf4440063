-- Time cut at every boundary of every period: within an interval, every fact belongs to the same periods.
with boundaries as (

    select start_date as first_day from {{ ref('int_period') }}
    union
    select {{ add_days('end_date', 1) }} as first_day from {{ ref('int_period') }}

),

intervals as (

    select
        first_day,
        {{ add_days('lead(first_day) over (order by first_day)', -1) }} as last_day
    from boundaries

)

select
    cast(row_number() over (order by first_day) as integer) as interval_key,
    first_day,
    last_day
from intervals
where last_day is not null
