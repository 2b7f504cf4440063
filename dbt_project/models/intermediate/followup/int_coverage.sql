with deliveries as (

    select * from {{ ref('stg_shared__delivery') }}

),

deliveries_after_others as (

    select
        deliverer,
        dataset,
        period_start,
        period_end,
        max(period_end) over (
            partition by deliverer, dataset
            order by period_start, period_end
            rows between unbounded preceding and 1 preceding
        ) as covered_before_until
    from deliveries

),

numbered_stretches as (

    select
        deliverer,
        dataset,
        period_start,
        period_end,
        -- A gap of a day or more opens a new stretch; periods that meet or overlap go on with the old one.
        sum(
            case when period_start <= {{ add_days('covered_before_until', 1) }} then 0 else 1 end
        ) over (
            partition by deliverer, dataset
            order by period_start, period_end
            rows between unbounded preceding and current row
        ) as stretch_number
    from deliveries_after_others

)

select
    deliverer,
    dataset,
    min(period_start) as covered_from,
    max(period_end) as covered_until
from numbered_stretches
group by deliverer, dataset, stretch_number
