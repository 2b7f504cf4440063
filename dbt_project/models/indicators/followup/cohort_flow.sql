{%- set cohorts = {
    'all_public': 'all_public_status',
    'goal_list': 'all_public_status',
    'income_support': 'income_support_status',
    'destination': 'destination_status',
    'self_support': 'self_support_status',
} -%}
with statuses as (

    select * from {{ ref('int_follow_up_total') }}

),

statuses_per_cohort as (

    {% for cohort, status in cohorts.items() -%}
    select
        interval_key,
        municipality_code,
        '{{ cohort }}' as cohort,
        cast(horizon_months as {{ dbt.type_string() }}) as horizon,
        {{ status }} as reason,
        case_count
    from statuses
    where horizon_months > 0
    union all
    {% endfor -%}
    -- To date is the same at every horizon of a case: the consultation's own row counts for it.
    select
        interval_key,
        municipality_code,
        'self_support' as cohort,
        'to_date' as horizon,
        self_support_to_date_status as reason,
        case_count
    from statuses
    where horizon_months = 0

),

counts_per_reason as (

    {{ sums_by_period_and_area(
        'statuses_per_cohort', ['county', 'municipality'], ['cohort', 'horizon', 'reason'], ['case_count']
    ) }}

)

select
    counts_per_reason.period_type,
    counts_per_reason.period,
    counts_per_reason.area_level,
    counts_per_reason.area_code,
    counts_per_reason.cohort,
    counts_per_reason.horizon,
    counts_per_reason.reason,
    counts_per_reason.case_count,
    reasons.label_sv as reason_label_sv,
    areas.area_name
from counts_per_reason
left join {{ ref('code_list') }} as reasons
    on counts_per_reason.reason = reasons.code and reasons.list_name = 'cohort_status'
left join {{ ref('int_area') }} as areas
    on
        counts_per_reason.area_level = areas.area_level
        and counts_per_reason.area_code = areas.area_code
