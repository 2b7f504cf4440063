{#- Every measure of every table of the catalogue, codes excepted, one value a row: a view, since a row of it is read
    from its table in no more time than from a copy, and twenty million rows take longer to write than all other
    indicators. A cluster gives back tables. -#}
{{ config(
    materialized='table' if target.type == 'spark' else 'view',
    pre_hook="{{ find_outgoing(true) }}",
    post_hook="{{ find_outgoing(false) }}"
) }}

with measured as (

    {% for entry in indicator_catalogue() if entry['table'] != 'goal_status' -%}
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
    {#- Without the database: in a release, which is a copy of this one, it bears another name. #}
    from {{ ref(entry['table']).include(database=false) }}
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
