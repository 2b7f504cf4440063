{#- How deliverers (inbox folders) map to the codes that the indicators use. -#}

{#- `kommun-2180` is municipality 2180. -#}
{% macro municipality_of_deliverer(party) -%}
    substring({{ party }}, 8, 4)
{%- endmacro %}

{#- `fk` is FK, `kommun-2180` is 2180: the code under which a deliverer reports. -#}
{% macro code_of_deliverer(party) -%}
    case when {{ party }} like 'kommun-%' then substring({{ party }}, 8, 4) else upper({{ party }}) end
{%- endmacro %}
