select
    municipality_code,
    county_code,
    person_id,
    closed_on,
    closing_reason_code,
    is_self_support
from {{ ref('int_closure') }}
