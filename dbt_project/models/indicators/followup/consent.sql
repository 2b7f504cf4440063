with counts_per_party as (

    {% for party in ['AF', 'FK', 'KOMMUN', 'RG'] -%}
    select
        period_type,
        period,
        area_level,
        area_code,
        '{{ party }}' as party_code,
        cast(sum(identified_count) as bigint) as person_case_count,
        cast(sum(linkable_to_{{ party | lower }}_count) as bigint) as linkable_count
    from {{ ref('int_follow_up_sum') }}
    where horizon_months = 0
    group by period_type, period, area_level, area_code
    having sum(identified_count) > 0
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    counts_per_party.period_type,
    counts_per_party.period,
    counts_per_party.area_level,
    counts_per_party.area_code,
    counts_per_party.party_code,
    counts_per_party.person_case_count,
    counts_per_party.linkable_count,
    {{ percent('counts_per_party.linkable_count', 'counts_per_party.person_case_count') }} as linkable_percent,
    parties.label_sv,
    parties.label_en,
    cast(parties.sort_order as integer) as sort_order,
    areas.area_name
from counts_per_party
left join {{ ref('dim_party') }} as parties on counts_per_party.party_code = parties.party_code
left join {{ ref('int_area') }} as areas
    on
        counts_per_party.area_level = areas.area_level
        and counts_per_party.area_code = areas.area_code
