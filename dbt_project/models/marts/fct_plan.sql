{{ config(
    materialized='table_in_part',
    meta={'in_part_by': 'municipality_code', 'in_part_of': ['planering']}
) }}

select
    municipality_code,
    county_code,
    person_id,
    first_contact_on,
    planned_on,
    lead_time_days
from {{ ref('int_plan') }}
where {{ of_this_build('municipality_code', 'municipality_code') }}
