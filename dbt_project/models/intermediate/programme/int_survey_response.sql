-- Survey recipients; ready to work or study is an answer of 4 or 5.
{{ config(materialized='view') }}

select
    wave_code,
    respondent_id,
    gender_code,
    has_answered,
    readiness_code,
    readiness_code in ('4', '5') as is_ready,
    nonresponse_reason_code
from {{ ref('stg_finsam__enkat') }}
