{{ config(materialized='table') }}

with medel as (

    {{ rows_that_hold('medel', ['insats_id']) }}

)

select
    insats_id as project_id,
    insats as project_name,
    kommunkod as municipality_code,
    fran as start_date,
    till as end_date,
    beviljat_kr as granted_sek,
    utnyttjat_kr as used_sek,
    delivery_id
from medel
