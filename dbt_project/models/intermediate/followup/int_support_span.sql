{{ config(materialized='view') }}

with income_support_months as (

    select * from {{ ref('stg_kommun__forsorjningsstod') }}

),

benefit_spells as (

    select * from {{ ref('stg_shared__ersattning') }}

),

income_support_spans as (

    -- A month of income support is held on each of its days, from whichever municipality it came.
    select
        person_id,
        case
            when is_main_income
                then {{ support_bit('FORSORJNINGSSTOD') }} + {{ support_bit('FORSORJNINGSSTOD_HUVUDINKOMST') }}
            else {{ support_bit('FORSORJNINGSSTOD') }}
        end as support_mask,
        {{ month_start('month_start') }} as held_from,
        last_day(month_start) as held_until
    from income_support_months

),

benefit_spans as (

    select
        person_id,
        {{ support_bit_of('benefit_code') }} as support_mask,
        start_date as held_from,
        {{ end_of_span('end_date') }} as held_until
    from benefit_spells

)

select person_id, support_mask, held_from, held_until from income_support_spans
union all
select person_id, support_mask, held_from, held_until from benefit_spans
