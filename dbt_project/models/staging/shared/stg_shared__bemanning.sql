{{ config(materialized='table') }}

with bemanning as (

    {{ rows_that_hold('bemanning', ['roll', 'fran']) }}

)

select
    {{ code_of_deliverer('party') }} as party_code,
    roll as role,
    fran as start_date,
    till as end_date,
    antal as planned_headcount,
    planerad_procent as planned_percent,
    coalesce(faktiskt_antal, antal) as actual_headcount,
    faktisk_procent as actual_percent,
    delivery_id
from bemanning
