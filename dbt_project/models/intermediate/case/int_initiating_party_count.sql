-- New cases by initiating party, all four parties as soon as the period and area have a new case.
with new_cases as (

    select interval_key, municipality_code, party_code, count(*) as new_count
    from {{ ref('int_case') }}
    where is_new_case
    group by interval_key, municipality_code, party_code

),

counts_per_party as (

    {{ sums_by_period_and_area('new_cases', ['county', 'municipality'], ['party_code'], ['new_count']) }}

),

totals as (

    select
        period_type,
        period,
        previous_period,
        area_level,
        area_code,
        sum(new_count) as area_new_count
    from counts_per_party
    group by period_type, period, previous_period, area_level, area_code

),

parties as (

    select code as party_code
    from {{ ref('code_list') }}
    where list_name = 'party'

)

select
    totals.period_type,
    totals.period,
    totals.previous_period,
    totals.area_level,
    totals.area_code,
    parties.party_code,
    cast(coalesce(counts_per_party.new_count, 0) as bigint) as new_count,
    cast(totals.area_new_count as bigint) as area_new_count
from totals
cross join parties
left join counts_per_party
    on
        totals.period_type = counts_per_party.period_type
        and totals.period = counts_per_party.period
        and totals.area_level = counts_per_party.area_level
        and totals.area_code = counts_per_party.area_code
        and parties.party_code = counts_per_party.party_code
