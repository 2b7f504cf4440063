{#-
    The rows of a raw table that hold. A natural key names a fact within party and dataset; where two deliveries
    in force state the same key, the row of the latest period end holds. Deliveries in force of one party and
    dataset never overlap, so there are no ties. Keys that are stated once, nearly all, pass by unsorted.
-#}
{% macro rows_that_hold(dataset, key) -%}
    {%- set raw_table = source('raw', dataset) -%}
    select stated.*
    from {{ raw_table }} as stated
    inner join {{ source('quality', 'delivery') }} as delivery
        on stated.delivery_id = delivery.delivery_id and delivery.status = 'in_force'
    left join (
        select
            again.party,
            {% for column in key %}again.{{ column }}, {% endfor %}
            max(delivery.period_end) as last_period_end
        from {{ raw_table }} as again
        inner join (
            select party, {{ key | join(', ') }}
            from {{ raw_table }}
            group by party, {{ key | join(', ') }}
            having count(*) > 1
        ) as stated_twice
            on again.party = stated_twice.party
            {%- for column in key %} and again.{{ column }} = stated_twice.{{ column }}{% endfor %}
        inner join {{ source('quality', 'delivery') }} as delivery
            on again.delivery_id = delivery.delivery_id and delivery.status = 'in_force'
        group by again.party{% for column in key %}, again.{{ column }}{% endfor %}
    ) as restated
        on stated.party = restated.party
        {%- for column in key %} and stated.{{ column }} = restated.{{ column }}{% endfor %}
    where restated.party is null or delivery.period_end = restated.last_period_end
{%- endmacro %}
