{{ config(materialized='table') }}

with observationer as (

    {{ rows_that_hold('observationer', ['observation_id']) }}

)

select
    observation_id,
    rapportor as reporter_code,
    kategori as category_code,
    tema as theme_codes,
    datum as observed_on,
    text as statement_text,
    delivery_id
from observationer
