-- The seven benefits of the code lists, and income support, which the municipalities pay.
with benefits as (

    select code as benefit_code, label_sv, label_en, 'AF' as payer_code, sort_order
    from {{ ref('code_list') }}
    where list_name = 'benefit_af'
    union all
    select code as benefit_code, label_sv, label_en, 'FK' as payer_code, 10 + sort_order as sort_order
    from {{ ref('code_list') }}
    where list_name = 'benefit_fk'
    union all
    select
        'FORSORJNINGSSTOD' as benefit_code, 'Försörjningsstöd' as label_sv, 'Income support' as label_en,
        'KOMMUN' as payer_code, 20 as sort_order

),

scopes as (

    select
        benefit_code,
        count(*) filter (where scope = 'all_public') > 0 as is_all_public,
        count(*) filter (where scope = 'goal_list') > 0 as is_goal_list,
        count(*) filter (where scope = 'income_support') > 0 as is_income_support
    from {{ ref('benefit_scope') }}
    group by benefit_code

)

select
    benefits.benefit_code,
    benefits.label_sv,
    benefits.label_en,
    benefits.payer_code,
    coalesce(scopes.is_all_public, false) as is_all_public,
    coalesce(scopes.is_goal_list, false) as is_goal_list,
    coalesce(scopes.is_income_support, false) as is_income_support,
    ladder.step as ladder_step,
    cast(benefits.sort_order as integer) as sort_order
from benefits
left join scopes on benefits.benefit_code = scopes.benefit_code
left join {{ ref('ladder') }} as ladder on benefits.benefit_code = ladder.destination_code
