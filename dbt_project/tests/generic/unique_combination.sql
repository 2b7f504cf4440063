{#- The columns together name a row: no combination of their values occurs twice, null counting as a value.
    Fails with the combinations that do. -#}
{% test unique_combination(model, columns) %}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
