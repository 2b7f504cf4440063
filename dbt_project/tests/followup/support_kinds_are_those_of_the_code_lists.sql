-- The kinds of support that have a bit, and the benefits of the code lists, party by party. Fails with the codes that
-- stand on one side only.
with code_lists as (

    select
        case list_name when 'benefit_af' then 'AF' when 'benefit_fk' then 'FK' end as party_code,
        code as benefit_code
    from {{ ref('code_list') }}
    where list_name in ('benefit_af', 'benefit_fk')

),

support_kinds as (

    {% for party in ['FK', 'AF'] -%}
    {%- set last_party = loop.last -%}
    {%- for code in support_kinds_by_party()[party] -%}
    select '{{ party }}' as party_code, '{{ code }}' as benefit_code
    {{ 'union all' if not (loop.last and last_party) }}
    {% endfor -%}
    {%- endfor %}
)

select
    code_lists.benefit_code as listed_code,
    support_kinds.benefit_code as code_with_a_bit
from code_lists
full outer join support_kinds
    on code_lists.party_code = support_kinds.party_code
    and code_lists.benefit_code = support_kinds.benefit_code
where code_lists.benefit_code is null or support_kinds.benefit_code is null
