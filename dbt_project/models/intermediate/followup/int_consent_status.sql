with consents as (

    select * from {{ ref('stg_shared__samtycke') }}

),

persons as (

    select
        person_id,
        {% for party in ['AF', 'FK', 'KOMMUN', 'RG'] -%}
        min(case when party_code = '{{ party }}' then consented_on end) as {{ party | lower }}_consented_on,
        min(case when party_code = '{{ party }}' then withdrawn_on end) as {{ party | lower }}_withdrawn_on
        {{- ',' if not loop.last }}
        {% endfor %}
    from consents
    group by person_id

)

select
    person_id,
    {% for party in ['af', 'fk', 'kommun', 'rg'] -%}
    {{ party }}_consented_on,
    {{ party }}_withdrawn_on,
    -- Consents add up, and one that is withdrawn, of whichever date, ends the linking altogether.
    case when {{ party }}_withdrawn_on is null then {{ party }}_consented_on end as {{ party }}_linkable_from
    {{- ',' if not loop.last }}
    {% endfor %}
from persons
