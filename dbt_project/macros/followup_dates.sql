{#- What belongs here: the dates of the follow-up, behind names. What does not: dialect differences that other
    subjects share (dialect.sql), and what is held or covered at a date. -#}

{#- The horizons that a case is looked at, in months after the consultation; 0 is the consultation itself. -#}
{% macro follow_up_horizons() -%}
    {{ return([0, 6, 12]) }}
{%- endmacro %}

{#- add_months lives in dialect.sql (committed there; one macro of that name only). -#}


{#- The end of a span whose end may be blank: blank means running, so it lies after every date that is asked for. -#}
{% macro end_of_span(day) -%}
    coalesce({{ day }}, cast('9999-12-31' as date))
{%- endmacro %}
