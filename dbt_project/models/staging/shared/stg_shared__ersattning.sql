{{ config(materialized='table') }}

with ersattning as (

    {{ rows_that_hold('ersattning', ['person_id', 'ersattning', 'fran']) }}

)

select
    upper(party) as deliverer_code,
    person_id,
    ersattning as benefit_code,
    fran as start_date,
    till as end_date,
    omfattning as extent_percent,
    delivery_id
from ersattning
