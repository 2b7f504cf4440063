with moten as (

    {{ rows_that_hold('moten', ['mote_id']) }}

)

select
    mote_id as meeting_id,
    team_id,
    motesdatum as met_on,
    form as meeting_form_code,
    status as meeting_status_code,
    -- A reason beside a meeting that was held says nothing.
    case when status = 'INSTALLT' then installt_orsak end as cancellation_reason_code,
    delivery_id
from moten
