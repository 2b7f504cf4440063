{#- Arithmetic that every indicator shares, so that it is written once. No table names here. -#}

{#- 100 x numerator / denominator, a double, null where the denominator is 0; never rounded. -#}
{% macro percent(numerator, denominator) -%}
    100.0e0 * {{ numerator }} / nullif({{ denominator }}, 0)
{%- endmacro %}

{#- Relative change in percent; null where the earlier value is 0 or does not exist. -#}
{% macro change_percent(earlier, later) -%}
    100.0e0 * ({{ later }} - {{ earlier }}) / nullif({{ earlier }}, 0)
{%- endmacro %}

{#- The whole numbers 0 to 10^digits - 1, in the column `n`: portable, without table functions. -#}
{% macro whole_numbers(digits) -%}
    select
        {% for place in range(digits) -%}
            {{ 10 ** place }} * digit_{{ place }}.d{{ ' + ' if not loop.last }}
        {%- endfor %} as n
    from
        {% for place in range(digits) -%}
            (
                select 0 as d union all select 1 union all select 2 union all select 3 union all select 4
                union all select 5 union all select 6 union all select 7 union all select 8 union all select 9
            ) as digit_{{ place }}{{ ' cross join ' if not loop.last }}
        {%- endfor %}
{%- endmacro %}
