{{ config(materialized='table') }}

with enkat as (

    {{ rows_that_hold('enkat', ['enkat_omgang', 'respondent_id']) }}

)

select
    enkat_omgang as wave_code,
    respondent_id,
    kon as gender_code,
    svarat as has_answered,
    -- A readiness belongs to an answer, a reason to its absence; what stands beside the other says nothing.
    case when svarat then svar_redo end as readiness_code,
    case when not svarat then bortfallsorsak end as nonresponse_reason_code,
    delivery_id
from enkat
