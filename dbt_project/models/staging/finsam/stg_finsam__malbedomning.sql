with malbedomning as (

    -- The day of assessment is key and lies in the period: deliveries in force cannot state a key twice.
    select * from {{ source('raw', 'malbedomning') }}

)

select
    mal as goal_code,
    rapportor as reporter_code,
    bedomningsdatum as assessed_on,
    status as status_code,
    kommentar as comment_text,
    delivery_id
from malbedomning
