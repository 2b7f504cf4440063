select
    wave_code,
    respondent_id,
    gender_code,
    has_answered,
    readiness_code,
    is_ready,
    nonresponse_reason_code
from {{ ref('int_survey_response') }}
