{#-
    Tables of which a build replaces only the rows that changed deliveries reach. Whoever starts dbt names them, and
    writes what is touched into `ops.touched_COLUMN` of the work file; a build that is told nothing makes all of every
    table. A model says in its configuration by which column (`in_part_by`), and the change of which datasets reach it
    no other way (`in_part_of`); `dagster_project/building/parts.py` decides.
-#}

{#- Names of the models of which this build replaces a part. -#}
{% macro models_in_part() -%}
    {{ return(env_var('TRISAM_IN_PART', '').split(',')) }}
{%- endmacro %}

{#- The condition on a row that this build makes it: true, or that the column's value is touched. -#}
{% macro of_this_build(column, by) -%}
    {%- if execute and this.identifier in models_in_part() -%}
        {{ column }} in (select touched.value from ops.touched_{{ by }} as touched)
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{% materialization table_in_part, adapter='duckdb' %}
    {%- if this.identifier not in models_in_part() -%}
        {{ return(materialization_table_duckdb()) }}
    {%- endif -%}
    {%- set by = config.get('meta')['in_part_by'] -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {#- One transaction: whoever looks sees the old rows or the new. -#}
    {% call statement('main') -%}
        delete from {{ this }} where {{ of_this_build(by, by) }};
        insert into {{ this }} by name ({{ compiled_code }})
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}

{#- On a cluster every table is made anew. -#}
{% materialization table_in_part, adapter='spark' %}
    {{ return(materialization_table_spark()) }}
{% endmaterialization %}
