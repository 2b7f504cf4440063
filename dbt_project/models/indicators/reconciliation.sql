{#- Every published figure beside what the tables say: found by table, measure and the whole key of the row. -#}
with figures as (

    select
        figure_id,
        source_document,
        indicator,
        -- The filters in alphabetical order, so that the order in the list does not matter.
        {{ sorted_parts('filters', ';') }} as row_key,
        measure,
        expected,
        unit,
        tolerance,
        note
    from {{ ref('published_figure') }}

),

found as (

    {% for entry in indicator_catalogue() -%}
    {%- set row_keys = catalogue_row_keys(entry) | sort -%}
    select
        figures.figure_id,
        cast(
            case figures.measure
                {% for measure in entry['measures'] -%}
                {%- set type = 'string' if measure['unit'] == 'code' else 'double' -%}
                when '{{ measure["name"] }}' then cast(indicator_rows.{{ measure['name'] }} as {{ type }})
                {% endfor %}
            end as string
        ) as computed
    from {{ ref(entry['table']) }} as indicator_rows
    inner join figures
        on
            figures.indicator = '{{ entry["table"] }}'
            and figures.row_key
            = {% for column in row_keys -%}
            '{{ column }}=' || cast(indicator_rows.{{ column }} as string) {{ "|| ';' ||" if not loop.last }}
            {% endfor %}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

beside_each_other as (

    select
        figures.figure_id,
        figures.indicator,
        figures.measure,
        figures.expected,
        found.computed,
        figures.unit,
        figures.tolerance,
        case when figures.unit != 'code' then cast(figures.expected as double) end as expected_value,
        case when figures.unit != 'code' then cast(found.computed as double) end as computed_value,
        figures.source_document,
        figures.row_key,
        figures.note
    from figures
    left join found on figures.figure_id = found.figure_id

)

select
    figure_id,
    indicator,
    expected,
    case
        when computed_value = floor(computed_value) then cast(cast(computed_value as bigint) as string)
        else computed
    end as computed,
    unit,
    tolerance,
    case
        when computed is null then 'not_computable'
        when unit = 'code' and computed = expected then 'match'
        -- A difference of exactly the tolerance is within it, whatever the last binary digit says.
        when unit != 'code' and abs(computed_value - expected_value) <= tolerance + 1e-9 then 'match'
        else 'mismatch'
    end as status,
    measure,
    expected_value,
    computed_value,
    computed_value - expected_value as difference,
    source_document,
    row_key as filters,
    note
from beside_each_other
