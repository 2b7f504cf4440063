{#- What belongs here: which counts of follow_ups the indicators are sums of, each with its condition on a row of
    fct_follow_up. What does not: periods, areas and percents. -#}

{#- Name of each count -> the condition under which a row of fct_follow_up counts in it. -#}
{% macro follow_up_conditions() -%}
    {%- set conditions = {'identified_count': 'is_identified'} -%}
    {%- for party in ['af', 'fk', 'kommun', 'rg'] -%}
        {%- do conditions.update({'linkable_to_' ~ party ~ '_count': 'is_linkable_to_' ~ party}) -%}
    {%- endfor -%}
    {#- The two broad scopes ask for the same consent and coverage: they share a cohort. -#}
    {%- for scope, status in follow_up_scopes().items() -%}
        {%- set in_cohort = status ~ "_status = 'in_cohort'" -%}
        {%- do conditions.update({
            scope ~ '_cohort_count': in_cohort,
            scope ~ '_start_count': in_cohort ~ ' and has_start_' ~ scope,
            scope ~ '_horizon_count': in_cohort ~ ' and has_' ~ scope,
        }) -%}
    {%- endfor -%}
    {%- set on_ladder = "all_public_status = 'in_cohort' and ladder_step " -%}
    {%- do conditions.update({
        'forward_count': on_ladder ~ '> start_ladder_step',
        'unchanged_count': on_ladder ~ '= start_ladder_step',
        'backward_count': on_ladder ~ '< start_ladder_step',
        'self_support_cohort_count': "self_support_status = 'in_cohort'",
        'self_support_count': "self_support_status = 'in_cohort' and is_self_supporting",
        'to_date_cohort_count': "self_support_to_date_status = 'in_cohort'",
        'to_date_count': "self_support_to_date_status = 'in_cohort' and is_self_supporting_to_date",
        'destination_cohort_count': "destination_status = 'in_cohort'",
    }) -%}
    {%- for code in spell_benefits() -%}
        {%- do conditions.update({
            'granted_' ~ code | lower ~ '_count': "destination_status = 'in_cohort' and granted_" ~ code | lower
        }) -%}
    {%- endfor -%}
    {{ return(conditions) }}
{%- endmacro %}

{#- Scope of support -> the cohort that it is followed up in. -#}
{% macro follow_up_scopes() -%}
    {{ return({'all_public': 'all_public', 'goal_list': 'all_public', 'income_support': 'income_support'}) }}
{%- endmacro %}

{#- The rows of int_follow_up_sum per gender, and once more for all together under the gender T. -#}
{% macro follow_up_sums_by_gender(measures) -%}
    {%- for gender in ['gender_code', "'T'"] %}
    select
        period_type,
        period,
        area_level,
        area_code,
        {{ gender }} as gender,
        horizon_months,
        {% for measure in measures -%}
        cast(sum({{ measure }}) as bigint) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor -%}
    from {{ ref('int_follow_up_sum') }}
    group by period_type, period, area_level, area_code, {{ 'gender_code, ' if loop.first }}horizon_months
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The measures of one scope as the columns of the follow-up tables, from a relation with their counts. -#}
{% macro support_change_columns(relation) -%}
    {{ relation }}.cohort_count,
    {{ relation }}.start_count,
    {{ relation }}.horizon_count,
    {{ percent(relation ~ '.start_count', relation ~ '.cohort_count') }} as start_percent,
    {{ percent(relation ~ '.horizon_count', relation ~ '.cohort_count') }} as horizon_percent,
    {{ percent(relation ~ '.horizon_count', relation ~ '.cohort_count') }}
    - {{ percent(relation ~ '.start_count', relation ~ '.cohort_count') }} as change_points,
    {{ change_percent(relation ~ '.start_count', relation ~ '.horizon_count') }} as change_percent
{%- endmacro %}
