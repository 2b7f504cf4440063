-- Grants with what is left of them.
{{ config(materialized='view') }}

select
    project_id,
    project_name,
    municipality_code,
    start_date,
    end_date,
    cast(
        12 * (extract(year from end_date) - extract(year from start_date))
        + extract(month from end_date) - extract(month from start_date) + 1 as bigint
    ) as month_count,
    granted_sek,
    used_sek,
    granted_sek - used_sek as unused_sek
from {{ ref('stg_finsam__medel') }}
