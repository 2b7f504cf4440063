{{ config(
    materialized='table_in_part',
    meta={'in_part_by': 'person_id', 'in_part_of': ['forsorjningsstod', 'avslut', 'planering']}
) }}

-- Everybody whom any delivery names, with the gender that was stated last and the days of the first and the last
-- fact. Consents, plans, spells and closures state no gender.
with facts as (

    select person_id, consulted_on as seen_on, gender_code
    from {{ ref('int_case') }}
    where person_id is not null
    union all
    select person_id, month_start as seen_on, gender_code
    from {{ ref('int_income_support_month') }}
    union all
    select person_id, closed_on as seen_on, cast(null as string) as gender_code
    from {{ ref('int_closure') }}
    union all
    select person_id, planned_on as seen_on, cast(null as string) as gender_code
    from {{ ref('int_plan') }}
    union all
    select person_id, start_date as seen_on, cast(null as string) as gender_code
    from {{ ref('int_benefit_spell') }}
    union all
    select person_id, consented_on as seen_on, cast(null as string) as gender_code
    from {{ ref('int_consent') }}

),

persons as (

    select
        person_id,
        max(case when gender_code = 'K' then seen_on end) as last_seen_as_woman_on,
        max(case when gender_code = 'M' then seen_on end) as last_seen_as_man_on,
        max(case when gender_code = 'A' then seen_on end) as last_seen_as_other_on,
        max(case when gender_code is not null then seen_on end) as gender_last_stated_on,
        min(seen_on) as first_seen_on,
        max(seen_on) as last_seen_on
    from facts
    where {{ of_this_build('person_id', 'person_id') }}
    group by person_id

)

select
    person_id,
    case
        when gender_last_stated_on = last_seen_as_other_on then 'A'
        when gender_last_stated_on = last_seen_as_woman_on then 'K'
        when gender_last_stated_on = last_seen_as_man_on then 'M'
    end as gender_code,
    first_seen_on,
    last_seen_on
from persons
