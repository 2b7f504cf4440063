{#-
    Sets of intervals as bits, so that "present in this period" is one operation on integers, however many rows a
    person has. Four words of 60 bits hold 240 intervals: quarters of more than fifty years.
-#}

{% macro interval_words() -%}
    {{ return(4) }}
{%- endmacro %}

{#- The set of all intervals of a group, from rows that bear `bit_0` .. : columns `intervals_0` .. -#}
{% macro union_of_intervals(prefix) -%}
    {% for word in range(interval_words()) -%}
    bit_or({{ prefix }}_{{ word }}) as intervals_{{ word }}{{ ',' if not loop.last }}
    {% endfor %}
{%- endmacro %}

{#- The columns of a set, by relation. -#}
{% macro interval_columns(relation=none) -%}
    {% for word in range(interval_words()) -%}
    {{ relation ~ '.' if relation }}intervals_{{ word }}{{ ', ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Two sets have an interval in common. -#}
{% macro intervals_meet(one, other) -%}
    {% for word in range(interval_words()) -%}
    ({{ one }}.intervals_{{ word }} & {{ other }}.intervals_{{ word }}) != 0 {{ 'or ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
