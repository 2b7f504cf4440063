{#-
    Counts per interval summed up to periods and areas. Periods overlap and areas nest: the relation, aggregated
    to interval x municipality (x team) x attributes, is summed to areas first, and only these few rows meet the
    periods. `levels`: county, municipality, team. Rows without an area at a level do not count there.
    Columns: period_type, period, previous_period, area_level, area_code, the attributes, the measures (bigint).
-#}
{% macro sums_by_period_and_area(relation, levels, attributes, measures) -%}
    {%- set area_codes = {
        'county': 'left(municipality_code, 2)',
        'municipality': 'municipality_code',
        'team': 'team_id',
    } -%}
    select
        periods.period_type,
        periods.period,
        periods.previous_period,
        by_area.area_level,
        by_area.area_code,
        {% for attribute in attributes %}by_area.{{ attribute }},
        {% endfor -%}
        {% for measure in measures %}cast(sum(by_area.{{ measure }}) as bigint) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from (
        {% for level in levels %}
        select
            interval_key,
            '{{ level }}' as area_level,
            {{ area_codes[level] }} as area_code,
            {% for attribute in attributes %}{{ attribute }},
            {% endfor -%}
            {% for measure in measures %}sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
            {% endfor %}
        from {{ relation }}
        where {{ area_codes[level] }} is not null
        group by
            interval_key, {{ area_codes[level] }}
            {%- for attribute in attributes %}, {{ attribute }}{% endfor %}
        {{ 'union all' if not loop.last }}
        {% endfor %}
    ) as by_area
    inner join {{ ref('int_period_interval') }} as periods
        on by_area.interval_key = periods.interval_key
    group by
        periods.period_type, periods.period, periods.previous_period, by_area.area_level, by_area.area_code
        {%- for attribute in attributes %}, by_area.{{ attribute }}{% endfor %}
{%- endmacro %}

{#- How many rows are women's, men's and neither's: the three columns of the published tables, and their sum. -#}
{% macro gender_counts(gender='gender_code') -%}
    count(*) filter (where {{ gender }} = 'A') as unknown_count,
    count(*) filter (where {{ gender }} = 'K') as women_count,
    count(*) filter (where {{ gender }} = 'M') as men_count,
    count(*) as total_count
{%- endmacro %}
