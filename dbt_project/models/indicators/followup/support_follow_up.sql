{%- set scopes = follow_up_scopes() -%}
{%- set measures = [] -%}
{%- for scope in scopes -%}
    {%- do measures.extend([scope ~ '_cohort_count', scope ~ '_start_count', scope ~ '_horizon_count']) -%}
{%- endfor -%}
with sums_by_gender as (

    {{ follow_up_sums_by_gender(measures) }}

),

counts_per_scope as (

    {% for scope in scopes -%}
    select
        period_type,
        period,
        area_level,
        area_code,
        gender,
        '{{ scope }}' as scope,
        horizon_months,
        {{ scope }}_cohort_count as cohort_count,
        {{ scope }}_start_count as start_count,
        {{ scope }}_horizon_count as horizon_count
    from sums_by_gender
    where horizon_months > 0 and {{ scope }}_cohort_count > 0
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    counts_per_scope.period_type,
    counts_per_scope.period,
    counts_per_scope.area_level,
    counts_per_scope.area_code,
    counts_per_scope.gender,
    counts_per_scope.scope,
    counts_per_scope.horizon_months,
    {{ support_change_columns('counts_per_scope') }},
    areas.area_name
from counts_per_scope
left join {{ ref('int_area') }} as areas
    on
        counts_per_scope.area_level = areas.area_level
        and counts_per_scope.area_code = areas.area_code
