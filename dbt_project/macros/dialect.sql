{#-
    What differs between SQL dialects, behind names. Models call these and write nothing of the kind inline.
    `default__` is DuckDB; another target adds its own prefix. No business rule belongs here.
-#}

{#- A date moved by a number of days. -#}
{% macro add_days(day, number_of_days) -%}
    {{ return(adapter.dispatch('add_days', 'trisam')(day, number_of_days)) }}
{%- endmacro %}

{% macro default__add_days(day, number_of_days) -%}
    cast({{ day }} + cast({{ number_of_days }} as integer) as date)
{%- endmacro %}

{% macro spark__add_days(day, number_of_days) -%}
    date_add({{ day }}, cast({{ number_of_days }} as int))
{%- endmacro %}

{#- A date moved by calendar months, clipped to the last day of the month (31 August + 6 = 28/29 February). -#}
{% macro add_months(day, number_of_months) -%}
    {{ return(adapter.dispatch('add_months', 'trisam')(day, number_of_months)) }}
{%- endmacro %}

{% macro default__add_months(day, number_of_months) -%}
    cast({{ day }} + to_months(cast({{ number_of_months }} as integer)) as date)
{%- endmacro %}

{% macro spark__add_months(day, number_of_months) -%}
    add_months({{ day }}, cast({{ number_of_months }} as int))
{%- endmacro %}

{#- Days from one date to another, as an integer. -#}
{% macro days_between(first_day, last_day) -%}
    {{ return(adapter.dispatch('days_between', 'trisam')(first_day, last_day)) }}
{%- endmacro %}

{% macro default__days_between(first_day, last_day) -%}
    cast({{ last_day }} - {{ first_day }} as bigint)
{%- endmacro %}

{% macro spark__days_between(first_day, last_day) -%}
    cast(datediff({{ last_day }}, {{ first_day }}) as bigint)
{%- endmacro %}

{#- First day of the month that a date lies in. -#}
{% macro month_start(day) -%}
    {{ return(adapter.dispatch('month_start', 'trisam')(day)) }}
{%- endmacro %}

{% macro default__month_start(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}

{% macro spark__month_start(day) -%}
    cast(trunc({{ day }}, 'MM') as date)
{%- endmacro %}

{#- A lateral view of the parts of a text: one row per part, in the column `part`. -#}
{% macro text_parts(relation, columns, text, separator) -%}
    {{ return(adapter.dispatch('text_parts', 'trisam')(relation, columns, text, separator)) }}
{%- endmacro %}

{% macro default__text_parts(relation, columns, text, separator) -%}
    select {{ columns | join(', ') }}, trim(unnest(string_split({{ text }}, '{{ separator }}'))) as part
    from {{ relation }}
{%- endmacro %}

{% macro spark__text_parts(relation, columns, text, separator) -%}
    select {{ columns | join(', ') }}, trim(part_of_text) as part
    from {{ relation }}
    lateral view explode(split({{ text }}, '[{{ separator }}]')) parts as part_of_text
{%- endmacro %}

{#- The parts of a text in alphabetical order. -#}
{% macro sorted_parts(text, separator) -%}
    {{ return(adapter.dispatch('sorted_parts', 'trisam')(text, separator)) }}
{%- endmacro %}

{% macro default__sorted_parts(text, separator) -%}
    array_to_string(list_sort(string_split({{ text }}, '{{ separator }}')), '{{ separator }}')
{%- endmacro %}

{% macro spark__sorted_parts(text, separator) -%}
    array_join(array_sort(split({{ text }}, '[{{ separator }}]')), '{{ separator }}')
{%- endmacro %}

{#- A number by which rows with equal values in these columns are equal; others may be, now and then. -#}
{% macro row_hash(columns) -%}
    {{ return(adapter.dispatch('row_hash', 'trisam')(columns)) }}
{%- endmacro %}

{% macro default__row_hash(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}

{% macro spark__row_hash(columns) -%}
    xxhash64({{ columns | join(', ') }})
{%- endmacro %}
