with avslut as (

    -- The closing date is key and lies in the period: deliveries in force cannot state a key twice.
    select * from {{ source('raw', 'avslut') }}

)

select
    {{ municipality_of_deliverer('party') }} as municipality_code,
    person_id,
    avslutsdatum as closed_on,
    orsak as closing_reason_code,
    delivery_id
from avslut
