select
    municipality_code,
    county_code,
    person_id,
    first_contact_on,
    planned_on,
    lead_time_days
from {{ ref('int_plan') }}
