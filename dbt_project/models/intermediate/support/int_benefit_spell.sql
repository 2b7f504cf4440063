-- Benefit spells, one per deliverer, person, benefit and first day.
{{ config(materialized='view') }}

select
    deliverer_code,
    person_id,
    benefit_code,
    start_date,
    end_date,
    extent_percent
from {{ ref('stg_shared__ersattning') }}
