{{ config(materialized='table') }}

with team as (

    {{ rows_that_hold('team', ['team_id']) }}

)

select
    team_id,
    enhet as unit_name,
    enhetstyp as unit_type_code,
    kommunkod as municipality_code,
    team_fran as team_from,
    team_till as team_to,
    delivery_id
from team
