with sums_by_gender as (

    {{ follow_up_sums_by_gender(
        ['self_support_cohort_count', 'self_support_count', 'to_date_cohort_count', 'to_date_count']
    ) }}

),

counts_per_horizon as (

    select
        period_type,
        period,
        area_level,
        area_code,
        gender,
        cast(horizon_months as {{ dbt.type_string() }}) as horizon,
        self_support_cohort_count as cohort_count,
        self_support_count
    from sums_by_gender
    where horizon_months > 0
    union all
    -- To date is the same at every horizon of a case: the consultation's own row counts for it.
    select
        period_type,
        period,
        area_level,
        area_code,
        gender,
        'to_date' as horizon,
        to_date_cohort_count as cohort_count,
        to_date_count as self_support_count
    from sums_by_gender
    where horizon_months = 0

)

select
    counts_per_horizon.period_type,
    counts_per_horizon.period,
    counts_per_horizon.area_level,
    counts_per_horizon.area_code,
    counts_per_horizon.gender,
    counts_per_horizon.horizon,
    counts_per_horizon.cohort_count,
    counts_per_horizon.self_support_count,
    {{ percent('counts_per_horizon.self_support_count', 'counts_per_horizon.cohort_count') }}
        as self_support_percent,
    areas.area_name
from counts_per_horizon
left join {{ ref('int_area') }} as areas
    on
        counts_per_horizon.area_level = areas.area_level
        and counts_per_horizon.area_code = areas.area_code
where counts_per_horizon.cohort_count > 0
