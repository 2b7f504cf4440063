with forsorjningsstod as (

    -- The month is key and lies in the period: deliveries in force cannot state a key twice.
    select * from {{ source('raw', 'forsorjningsstod') }}

)

select
    {{ municipality_of_deliverer('party') }} as municipality_code,
    person_id,
    manad as month_start,
    kon as gender_code,
    belopp_kr as amount_sek,
    huvudinkomst as is_main_income,
    forsorjningshinder as obstacle_code,
    delivery_id
from forsorjningsstod
