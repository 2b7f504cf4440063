{{ config(materialized='table') }}

with planering as (

    {{ rows_that_hold('planering', ['person_id', 'forsta_kontakt']) }}

)

select
    {{ municipality_of_deliverer('party') }} as municipality_code,
    person_id,
    forsta_kontakt as first_contact_on,
    planeringsdatum as planned_on,
    delivery_id
from planering
