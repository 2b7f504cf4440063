{#- A condition that is true of every row; null is not true. Fails with the rows of which it is not. -#}
{% test expression_holds(model, expression, column_name=none) %}

select *
from {{ model }}
where not coalesce({{ (column_name ~ ' ') if column_name else '' }}{{ expression }}, false)

{% endtest %}
