-- Full-time equivalents of each role and span, planned and actual.
{{ config(materialized='view') }}

select
    party_code,
    role,
    start_date,
    end_date,
    planned_headcount,
    planned_percent,
    actual_headcount,
    actual_percent,
    planned_headcount * planned_percent / 100 as planned_fte,
    actual_headcount * actual_percent / 100 as actual_fte
from {{ ref('stg_shared__bemanning') }}
