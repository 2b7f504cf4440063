select
    assessments.goal_code,
    assessments.reporter_code,
    assessments.status_code,
    assessments.assessed_on,
    goals.label_sv as goal_label_sv,
    goals.label_en as goal_label_en,
    statuses.label_sv as status_label_sv,
    statuses.label_en as status_label_en,
    goals.sort_order
from {{ ref('int_goal_assessment') }} as assessments
left join {{ ref('dim_goal') }} as goals on assessments.goal_code = goals.goal_code
left join {{ ref('code_list') }} as statuses
    on
        assessments.status_code = statuses.code
        and statuses.list_name = 'goal_status'
where assessments.is_latest
