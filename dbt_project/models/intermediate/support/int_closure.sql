-- Ended income support. Self-support is work or studies.
{{ config(materialized='view') }}

select
    municipality_code,
    left(municipality_code, 2) as county_code,
    person_id,
    closed_on,
    closing_reason_code,
    closing_reason_code in ('ARBETE', 'STUDIER') as is_self_support
from {{ ref('stg_kommun__avslut') }}
