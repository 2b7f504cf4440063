-- Assessments, the latest of each goal and reporter marked.
{{ config(materialized='view') }}

select
    goal_code,
    reporter_code,
    assessed_on,
    status_code,
    comment_text,
    assessed_on = max(assessed_on) over (partition by goal_code, reporter_code) as is_latest
from {{ ref('stg_finsam__malbedomning') }}
