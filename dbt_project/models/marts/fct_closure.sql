{{ config(
    materialized='table_in_part',
    meta={'in_part_by': 'municipality_code', 'in_part_of': ['avslut']}
) }}

select
    municipality_code,
    county_code,
    person_id,
    closed_on,
    closing_reason_code,
    is_self_support
from {{ ref('int_closure') }}
where {{ of_this_build('municipality_code', 'municipality_code') }}
