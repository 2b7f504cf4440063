{#-
    How dbt-spark makes tables: its own macros where Spark differs from what they expect. No business rule, and
    nothing that a model calls.
-#}

{#- Parquet, which every Spark writes; without it a table would be text of Hive's. -#}
{% macro spark__file_format_clause() -%}
    using {{ config.get('file_format', 'parquet') }}
{%- endmacro %}

{#- Spark wants a length after varchar; its text without one is called string. -#}
{% macro spark__type_string() -%}
    {{ return('string') }}
{%- endmacro %}

{#- Parquet knows no constraint, so the contract's not null is asked for: the model fails when a row breaks it. -#}
{% macro spark__persist_constraints(relation, model) -%}
    {%- set filled = [] -%}
    {%- for column in model.columns.values() -%}
        {%- if column.constraints | selectattr('type', 'equalto', 'not_null') | list -%}
            {%- do filled.append(column.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if filled and execute -%}
        {%- set counted -%}
            select {% for column in filled -%}
                count(*) - count({{ adapter.quote(column) }}) as {{ adapter.quote(column) }}{{ ', ' if not loop.last }}
            {%- endfor %}
            from {{ relation }}
        {%- endset -%}
        {%- set row = run_query(counted).rows[0] -%}
        {%- for column in filled if row[column] -%}
            {{ exceptions.raise_compiler_error(
                relation ~ '.' ~ column ~ ' may not be null, and is in ' ~ row[column] ~ ' rows'
            ) }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#- A table of Parquet takes its comment when it is made; its columns could not take theirs afterwards, so nobody asks
    the catalog which there are. -#}
{% macro spark__persist_docs(relation, model, for_relation, for_columns) -%}
{%- endmacro %}

{#- The contracts' own casts, whose types may be named as elsewhere. -#}
{% macro spark__cast(field, type) -%}
    cast({{ field }} as {{ 'string' if type | lower | trim == 'varchar' else type }})
{%- endmacro %}
