select
    goal_code,
    reporter_code,
    assessed_on,
    status_code,
    comment_text,
    is_latest
from {{ ref('int_goal_assessment') }}
