{# The new cases of a period and area by a code of the case and gender: every code of its list as soon as there is a
   new case, and TOTAL. `dimension`: the relation with the codes, their labels and their order. #}
{% macro new_cases_by_code(code_column, dimension) -%}
with new_cases as (

    select
        interval_key,
        municipality_code,
        team_id,
        {{ code_column }},
        {{ gender_counts() }}
    from {{ ref('int_case') }}
    where is_new_case
    group by interval_key, municipality_code, team_id, {{ code_column }}

),

counts_per_code as (

    {{ sums_by_period_and_area(
        'new_cases', ['county', 'municipality', 'team'], [code_column],
        ['unknown_count', 'women_count', 'men_count', 'total_count']
    ) }}

),

totals as (

    select
        period_type,
        period,
        area_level,
        area_code,
        sum(unknown_count) as unknown_count,
        sum(women_count) as women_count,
        sum(men_count) as men_count,
        sum(total_count) as total_count
    from counts_per_code
    group by period_type, period, area_level, area_code

),

-- Every code of the list as soon as the period and area have a new case.
every_code as (

    select
        totals.period_type,
        totals.period,
        totals.area_level,
        totals.area_code,
        codes.{{ code_column }},
        codes.label_sv,
        codes.label_en,
        codes.sort_order
    from totals
    cross join {{ dimension }} as codes

),

filled_and_total as (

    select
        every_code.period_type,
        every_code.period,
        every_code.area_level,
        every_code.area_code,
        every_code.{{ code_column }},
        coalesce(counts_per_code.unknown_count, 0) as unknown_count,
        coalesce(counts_per_code.women_count, 0) as women_count,
        coalesce(counts_per_code.men_count, 0) as men_count,
        coalesce(counts_per_code.total_count, 0) as total_count,
        every_code.label_sv,
        every_code.label_en,
        every_code.sort_order
    from every_code
    left join counts_per_code
        on
            every_code.period_type = counts_per_code.period_type
            and every_code.period = counts_per_code.period
            and every_code.area_level = counts_per_code.area_level
            and every_code.area_code = counts_per_code.area_code
            and every_code.{{ code_column }} = counts_per_code.{{ code_column }}
    union all
    select
        period_type,
        period,
        area_level,
        area_code,
        'TOTAL' as {{ code_column }},
        unknown_count,
        women_count,
        men_count,
        total_count,
        'Totalt' as label_sv,
        'Total' as label_en,
        99 as sort_order
    from totals

)

select
    filled_and_total.period_type,
    filled_and_total.period,
    filled_and_total.area_level,
    filled_and_total.area_code,
    filled_and_total.{{ code_column }},
    cast(filled_and_total.unknown_count as bigint) as unknown_count,
    cast(filled_and_total.women_count as bigint) as women_count,
    cast(filled_and_total.men_count as bigint) as men_count,
    cast(filled_and_total.total_count as bigint) as total_count,
    filled_and_total.label_sv,
    filled_and_total.label_en,
    cast(filled_and_total.sort_order as integer) as sort_order,
    areas.area_name
from filled_and_total
left join {{ ref('int_area') }} as areas
    on
        filled_and_total.area_level = areas.area_level
        and filled_and_total.area_code = areas.area_code
{%- endmacro %}
