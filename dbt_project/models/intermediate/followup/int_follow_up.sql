{{ config(materialized='view') }}

with follow_ups as (

    select * from {{ ref('int_case_at_horizon') }}

),

scope_masks as (

    select
        {% for scope in ['all_public', 'goal_list'] -%}
        sum(case when scope = '{{ scope }}' then {{ support_bit_of('benefit_code') }} else 0 end) as {{ scope }}_mask
        {{- ',' if not loop.last }}
        {% endfor %}
    from {{ ref('benefit_scope') }}

),

ladder as (

    select * from {{ ref('ladder') }}

)

select
    follow_ups.case_id,
    follow_ups.horizon_months,
    follow_ups.person_id,
    follow_ups.consulted_on,
    follow_ups.followed_up_on,
    follow_ups.municipality_code,
    follow_ups.county_code,
    follow_ups.team_id,
    follow_ups.gender_code,
    follow_ups.party_code,
    follow_ups.question_code,
    follow_ups.proposal_code,

    follow_ups.is_identified,
    follow_ups.is_linkable_to_af,
    follow_ups.is_linkable_to_fk,
    follow_ups.is_linkable_to_kommun,
    follow_ups.is_linkable_to_rg,
    follow_ups.is_covered_by_municipality,
    follow_ups.is_covered_by_af,
    follow_ups.is_covered_by_fk,
    follow_ups.is_covered_by_closures,
    follow_ups.is_covered,
    follow_ups.is_start_covered,

    {{ cohort_status(
        'follow_ups.is_linkable', 'follow_ups.is_covered', 'follow_ups.is_start_covered'
    ) }} as all_public_status,
    {{ cohort_status(
        'follow_ups.is_linkable_to_kommun',
        'follow_ups.is_covered_by_municipality',
        'follow_ups.is_start_covered_by_municipality'
    ) }} as income_support_status,
    {{ cohort_status('follow_ups.is_linkable', 'follow_ups.is_covered') }} as destination_status,
    {{ cohort_status(
        'follow_ups.is_linkable_to_kommun', 'follow_ups.is_covered_by_closures'
    ) }} as self_support_status,
    {{ cohort_status(
        'follow_ups.is_linkable_to_kommun', 'follow_ups.has_closure_deliveries'
    ) }} as self_support_to_date_status,

    -- What a person holds is stated where the payer may be linked to the case and has delivered for the date.
    {% for party, codes in support_kinds_by_party().items() -%}
    {%- set payer = 'municipality' if party == 'KOMMUN' else party | lower -%}
    {%- for code in codes -%}
    case
        when follow_ups.is_linkable_to_{{ party | lower }} and follow_ups.is_covered_by_{{ payer }}
            then {{ holds('follow_ups.support_mask', code) }}
    end as holds_{{ code | lower }},
    {% endfor -%}
    {%- endfor %}
    {% for party in ['FK', 'AF'] -%}
    {%- for code in support_kinds_by_party()[party] -%}
    case
        when follow_ups.is_linkable_to_{{ party | lower }} and follow_ups.is_covered_by_{{ party | lower }}
            then {{ holds('follow_ups.begun_mask', code) }}
    end as granted_{{ code | lower }},
    {% endfor -%}
    {%- endfor %}
    {% for scope in ['all_public', 'goal_list'] -%}
    case
        when follow_ups.is_linkable and follow_ups.is_start_covered
            then (follow_ups.start_mask & cast(scope_masks.{{ scope }}_mask as integer)) > 0
    end as has_start_{{ scope }},
    {% endfor -%}
    case
        when follow_ups.is_linkable_to_kommun and follow_ups.is_start_covered_by_municipality
            then {{ holds('follow_ups.start_mask', 'FORSORJNINGSSTOD') }}
    end as has_start_income_support,
    {% for scope in ['all_public', 'goal_list'] -%}
    case
        when follow_ups.is_linkable and follow_ups.is_covered
            then (follow_ups.support_mask & cast(scope_masks.{{ scope }}_mask as integer)) > 0
    end as has_{{ scope }},
    {% endfor -%}
    case
        when follow_ups.is_linkable_to_kommun and follow_ups.is_covered_by_municipality
            then {{ holds('follow_ups.support_mask', 'FORSORJNINGSSTOD') }}
    end as has_income_support,

    start_ladder.destination_code as start_destination_code,
    start_ladder.step as start_ladder_step,
    ladder.destination_code,
    ladder.step as ladder_step,

    follow_ups.closed_on,
    follow_ups.closing_reason_code,
    follow_ups.first_self_support_on,
    case
        when follow_ups.is_linkable_to_kommun and follow_ups.is_covered_by_closures
            then coalesce(follow_ups.first_self_support_on <= follow_ups.followed_up_on, false)
    end as is_self_supporting,
    case
        when follow_ups.is_linkable_to_kommun and follow_ups.has_closure_deliveries
            then follow_ups.first_self_support_on is not null
    end as is_self_supporting_to_date
from follow_ups
cross join scope_masks
left join ladder
    on ladder.destination_code = case
        when follow_ups.is_linkable and follow_ups.is_covered
            then {{ destination_of('follow_ups.support_mask', 'follow_ups.closing_reason_code') }}
    end
left join ladder as start_ladder
    -- At the consultation date, closures play no part.
    on start_ladder.destination_code = case
        when follow_ups.is_linkable and follow_ups.is_start_covered
            then {{ destination_of('follow_ups.start_mask') }}
    end
