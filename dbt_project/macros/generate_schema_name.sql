{#- Schemas bear the names of the layers, the same in every target; on a cluster, which many share, under the prefix
    that is the target's own schema. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ return(adapter.dispatch('generate_schema_name', 'trisam')(custom_schema_name, node)) }}
{%- endmacro %}

{% macro default__generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name if custom_schema_name is not none else target.schema }}
{%- endmacro %}

{% macro spark__generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema ~ '_' ~ custom_schema_name if custom_schema_name is not none else target.schema }}
{%- endmacro %}
