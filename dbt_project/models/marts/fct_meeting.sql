select
    meeting_id,
    team_id,
    unit_type_code,
    municipality_code,
    county_code,
    met_on,
    meeting_form_code,
    meeting_status_code,
    is_held,
    cancellation_reason_code
from {{ ref('int_meeting') }}
