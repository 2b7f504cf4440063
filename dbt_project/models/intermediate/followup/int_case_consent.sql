with cases as (

    select * from {{ ref('int_case') }}

),

consents as (

    select * from {{ ref('int_consent_status') }}

)

select
    cases.case_key,
    cases.person_id is not null as is_identified,
    {% for party in ['af', 'fk', 'kommun', 'rg'] -%}
    coalesce(consents.{{ party }}_linkable_from <= cases.consulted_on, false) as is_linkable_to_{{ party }}
    {{- ',' if not loop.last }}
    {% endfor %}
from cases
left join consents
    on cases.person_id = consents.person_id
