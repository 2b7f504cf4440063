{{ config(
    materialized='table_in_part',
    meta={'in_part_by': 'indicator', 'in_part_of': []}
) }}

{#- Every measure of every table of the catalogue, codes excepted, one value a row. -#}
{%- set touched = touched_values('indicator') -%}
{%- set entries = indicator_catalogue() | rejectattr('table', 'equalto', 'goal_status') | list -%}
{%- if touched is not none -%}
    {%- set entries = entries | selectattr('table', 'in', touched) | list -%}
{%- endif -%}
with measured as (

    {% for entry in entries -%}
    {%- set categories = entry['keys'] | reject('equalto', 'gender') | list -%}
    {%- set rows_loop = loop -%}
    {%- for measure in entry['measures'] %}
    select
        '{{ entry["table"] }}' as indicator,
        '{{ measure["name"] }}' as measure,
        {% if entry['place'] in ['areas', 'periods'] -%}
        period_type,
        period,
        {%- elif entry['place'] == 'waves' -%}
        'wave' as period_type,
        wave_code as period,
        {%- else -%}
        'all' as period_type,
        'ALL' as period,
        {%- endif %}
        {% if entry['place'] == 'areas' -%}
        area_level,
        area_code,
        {%- else -%}
        'all' as area_level,
        'ALL' as area_code,
        {%- endif %}
        {% if 'gender' in entry['keys'] -%}
        gender,
        {%- else -%}
        '{{ measure.get("gender", "T") }}' as gender,
        {%- endif %}
        {% if categories -%}
        {% for column in categories -%}
        cast({{ column }} as string) {{ "|| '/' ||" if not loop.last else 'as category,' }}
        {% endfor %}
        {%- else -%}
        'TOTAL' as category,
        {%- endif %}
        {% if 'numerator' in measure -%}
        cast({{ measure['numerator'] }} as double) as numerator,
        cast({{ measure['denominator'] }} as double) as denominator,
        {%- else -%}
        cast({{ measure['name'] }} as double) as numerator,
        cast(null as double) as denominator,
        {%- endif %}
        cast({{ measure['name'] }} as double) as measured_value,
        '{{ measure["unit"] }}' as unit
    from {{ ref(entry['table']) }}
    {{ 'union all' if not (loop.last and rows_loop.last) }}
    {%- endfor %}
    {%- endfor %}

)

select
    indicator,
    measure,
    period_type,
    period,
    area_level,
    area_code,
    gender,
    category,
    numerator,
    denominator,
    measured_value as value,
    unit
from measured
where measured_value is not null
