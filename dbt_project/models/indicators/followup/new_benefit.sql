with counts_per_benefit as (

    {% for code in spell_benefits() -%}
    select
        period_type,
        period,
        area_level,
        area_code,
        horizon_months,
        '{{ code }}' as benefit_code,
        cast(sum(granted_{{ code | lower }}_count) as bigint) as granted_count,
        cast(sum(destination_cohort_count) as bigint) as cohort_count
    from {{ ref('int_follow_up_sum') }}
    where horizon_months > 0
    group by period_type, period, area_level, area_code, horizon_months
    having sum(destination_cohort_count) > 0
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    counts_per_benefit.period_type,
    counts_per_benefit.period,
    counts_per_benefit.area_level,
    counts_per_benefit.area_code,
    counts_per_benefit.horizon_months,
    counts_per_benefit.benefit_code,
    counts_per_benefit.granted_count,
    counts_per_benefit.cohort_count,
    benefits.label_sv,
    benefits.label_en,
    areas.area_name
from counts_per_benefit
left join {{ ref('dim_benefit') }} as benefits on counts_per_benefit.benefit_code = benefits.benefit_code
left join {{ ref('int_area') }} as areas
    on
        counts_per_benefit.area_level = areas.area_level
        and counts_per_benefit.area_code = areas.area_code
