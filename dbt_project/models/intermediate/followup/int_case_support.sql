{{ config(
    materialized='table_in_part',
    meta={'in_part_by': 'case_key', 'in_part_of': ['forsorjningsstod']}
) }}

with cases as (

    select * from {{ ref('int_case') }}

),

consents as (

    select * from {{ ref('int_case_consent') }}

),

linkable_cases as (

    -- What a party knows of a person is looked up only where the person has consented to it.
    select
        cases.case_key,
        cases.person_id,
        cases.consulted_on,
        {{ add_months('cases.consulted_on', 6) }} as month_6_on,
        {{ add_months('cases.consulted_on', 12) }} as month_12_on,
        case when consents.is_linkable_to_kommun then {{ support_mask_of_party('KOMMUN') }} else 0 end
        + case when consents.is_linkable_to_af then {{ support_mask_of_party('AF') }} else 0 end
        + case when consents.is_linkable_to_fk then {{ support_mask_of_party('FK') }} else 0 end as linkable_mask
    from cases
    inner join consents
        on cases.case_key = consents.case_key
    where cases.is_new_case
        and (consents.is_linkable_to_kommun or consents.is_linkable_to_af or consents.is_linkable_to_fk)
        and {{ of_this_build('cases.case_key', 'case_key') }}

),

spans as (

    select * from {{ ref('int_support_span') }}

)

select
    linkable_cases.case_key,
    coalesce(bit_or(spans.support_mask & linkable_cases.linkable_mask) filter (
        where spans.held_from <= linkable_cases.consulted_on
    ), 0) as start_mask,
    coalesce(bit_or(spans.support_mask & linkable_cases.linkable_mask) filter (
        where linkable_cases.month_6_on between spans.held_from and spans.held_until
    ), 0) as month_6_mask,
    coalesce(bit_or(spans.support_mask & linkable_cases.linkable_mask) filter (
        where linkable_cases.month_12_on between spans.held_from and spans.held_until
    ), 0) as month_12_mask,
    coalesce(bit_or(spans.support_mask & linkable_cases.linkable_mask) filter (
        where spans.held_from > linkable_cases.consulted_on and spans.held_from <= linkable_cases.month_6_on
    ), 0) as begun_by_month_6_mask,
    coalesce(bit_or(spans.support_mask & linkable_cases.linkable_mask) filter (
        where spans.held_from > linkable_cases.consulted_on
    ), 0) as begun_by_month_12_mask
from linkable_cases
inner join spans
    on linkable_cases.person_id = spans.person_id
    and spans.held_from <= linkable_cases.month_12_on
    and spans.held_until >= linkable_cases.consulted_on
group by linkable_cases.case_key
