-- Consents, one per deliverer, person, party and day.
{{ config(materialized='view') }}

select
    deliverer_code,
    person_id,
    party_code,
    consented_on,
    withdrawn_on
from {{ ref('stg_shared__samtycke') }}
