{#- What goes out is built in a file of its own, which is attached to the work file: the database of a release is a copy
    of it. A cluster, and a release that is only asked, have one place for everything. -#}
{% macro generate_database_name(custom_database_name=none, node=none) -%}
    {%- set own = target.database | default(none) -%}
    {{ return(custom_database_name if custom_database_name is not none and target.name == 'dev' else own) }}
{%- endmacro %}

{#- Lets a query find what goes out by its schema alone, or no longer: a view that names no database can be read in a
    copy of the file, which bears another name. -#}
{% macro find_outgoing(by_schema_alone) -%}
    {%- if target.name == 'dev' -%}
        {{ "set search_path = 'main,outgoing.indicators'" if by_schema_alone else 'reset search_path' }}
    {%- endif -%}
{%- endmacro %}
