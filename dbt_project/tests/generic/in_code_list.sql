{#- Every value is a code of a reference list (or one of the others named): the lists have one home, the seed.
    Null passes; fails with the values that no list knows. -#}
{% test in_code_list(model, column_name, list_names, others=[]) %}

select distinct model_values.{{ column_name }}
from {{ model }} as model_values
left join {{ ref('code_list') }} as codes
    on
        model_values.{{ column_name }} = codes.code
        and codes.list_name in ({% for name in list_names %}'{{ name }}'{{ ', ' if not loop.last }}{% endfor %})
where
    codes.code is null
    and model_values.{{ column_name }} is not null
    {% for other in others -%}
    and model_values.{{ column_name }} != '{{ other }}'
    {% endfor %}

{% endtest %}
