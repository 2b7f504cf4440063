{#- What belongs here: the dates of the follow-up, behind names. What does not: dialect differences that other
    subjects share (dialect.sql), and what is held or covered at a date. -#}

{#- The horizons that a case is looked at, in months after the consultation; 0 is the consultation itself. -#}
{% macro follow_up_horizons() -%}
    {{ return([0, 6, 12]) }}
{%- endmacro %}

{#- A date moved by calendar months, clipped to the last day of its month (31 August + 6 = 28 or 29 February). -#}
{% macro add_months(day, number_of_months) -%}
    {{ return(adapter.dispatch('add_months', 'trisam')(day, number_of_months)) }}
{%- endmacro %}

{% macro default__add_months(day, number_of_months) -%}
    cast({{ day }} + to_months(cast({{ number_of_months }} as integer)) as date)
{%- endmacro %}

{% macro spark__add_months(day, number_of_months) -%}
    add_months({{ day }}, cast({{ number_of_months }} as int))
{%- endmacro %}

{#- The end of a span whose end may be blank: blank means running, so it lies after every date that is asked for. -#}
{% macro end_of_span(day) -%}
    coalesce({{ day }}, cast('9999-12-31' as date))
{%- endmacro %}
