with counts_per_scope as (

    {% for scope in follow_up_scopes() -%}
    select
        period_type,
        period,
        area_level,
        area_code,
        party_code,
        '{{ scope }}' as scope,
        horizon_months,
        cast(sum({{ scope }}_cohort_count) as bigint) as cohort_count,
        cast(sum({{ scope }}_start_count) as bigint) as start_count,
        cast(sum({{ scope }}_horizon_count) as bigint) as horizon_count
    from {{ ref('int_follow_up_sum') }}
    where area_level = 'county' and horizon_months > 0
    group by period_type, period, area_level, area_code, party_code, horizon_months
    having sum({{ scope }}_cohort_count) > 0
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    counts_per_scope.period_type,
    counts_per_scope.period,
    counts_per_scope.area_level,
    counts_per_scope.area_code,
    counts_per_scope.party_code,
    counts_per_scope.scope,
    counts_per_scope.horizon_months,
    {{ support_change_columns('counts_per_scope') }},
    parties.label_sv,
    parties.label_en,
    cast(parties.sort_order as integer) as sort_order,
    areas.area_name
from counts_per_scope
left join {{ ref('dim_party') }} as parties on counts_per_scope.party_code = parties.party_code
left join {{ ref('int_area') }} as areas
    on
        counts_per_scope.area_level = areas.area_level
        and counts_per_scope.area_code = areas.area_code
