with sums_by_gender as (

    {{ follow_up_sums_by_gender(
        ['all_public_cohort_count', 'forward_count', 'unchanged_count', 'backward_count']
    ) }}

)

select
    sums_by_gender.period_type,
    sums_by_gender.period,
    sums_by_gender.area_level,
    sums_by_gender.area_code,
    sums_by_gender.gender,
    sums_by_gender.horizon_months,
    sums_by_gender.all_public_cohort_count as cohort_count,
    sums_by_gender.forward_count,
    sums_by_gender.unchanged_count,
    sums_by_gender.backward_count,
    {{ percent('sums_by_gender.forward_count', 'sums_by_gender.all_public_cohort_count') }} as forward_percent,
    areas.area_name
from sums_by_gender
left join {{ ref('int_area') }} as areas
    on
        sums_by_gender.area_level = areas.area_level
        and sums_by_gender.area_code = areas.area_code
where sums_by_gender.horizon_months > 0 and sums_by_gender.all_public_cohort_count > 0
