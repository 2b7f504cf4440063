{#-
    Comments of a table and its columns in one go. dbt asks which columns there are, describes the table, and asks
    again, for each of a hundred tables; here a column that is described and does not exist fails the model.
-#}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) -%}
    {%- set described = [] -%}
    {%- if for_relation and config.persist_relation_docs() and model.description -%}
        {%- do described.append(alter_relation_comment(relation, model.description)) -%}
    {%- endif -%}
    {%- if for_columns and config.persist_column_docs() -%}
        {%- for column in model.columns.values() if column.description -%}
            {%- set name = adapter.quote(column.name) if column.quote else column.name -%}
            {%- do described.append(
                'comment on column ' ~ relation ~ '.' ~ name ~ ' is ' ~ duckdb_escape_comment(column.description) ~ ';'
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if described -%}
        {%- call statement('comments') -%}{{ described | join('\n') }}{%- endcall -%}
    {%- endif -%}
{%- endmacro %}
