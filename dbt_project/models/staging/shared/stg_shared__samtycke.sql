with samtycke as (

    -- The day of consent is key and lies in the period: deliveries in force cannot state a key twice.
    select * from {{ source('raw', 'samtycke') }}

)

select
    {{ code_of_deliverer('party') }} as deliverer_code,
    person_id,
    part as party_code,
    samtyckesdatum as consented_on,
    aterkallat_datum as withdrawn_on,
    delivery_id
from samtycke
