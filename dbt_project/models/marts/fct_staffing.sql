select
    party_code,
    role,
    start_date,
    end_date,
    planned_headcount,
    planned_percent,
    actual_headcount,
    actual_percent,
    planned_fte,
    actual_fte
from {{ ref('int_staffing_span') }}
