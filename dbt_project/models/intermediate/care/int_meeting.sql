-- Scheduled meetings; a meeting lies where its unit lies.
select
    meetings.meeting_id,
    meetings.team_id,
    units.unit_type_code,
    units.municipality_code,
    units.county_code,
    meetings.met_on,
    calendar_days.interval_key,
    meetings.meeting_form_code,
    meetings.meeting_status_code,
    meetings.meeting_status_code = 'GENOMFORT' as is_held,
    meetings.cancellation_reason_code
from {{ ref('stg_rg__moten') }} as meetings
left join {{ ref('int_unit') }} as units on meetings.team_id = units.team_id
left join {{ ref('int_calendar_day') }} as calendar_days on meetings.met_on = calendar_days.calendar_day
