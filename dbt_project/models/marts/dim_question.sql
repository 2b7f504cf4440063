select
    code as question_code,
    label_sv,
    label_en,
    sort_order
from {{ ref('code_list') }}
where list_name = 'question'
