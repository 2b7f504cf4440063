select
    code as proposal_code,
    label_sv,
    label_en,
    sort_order
from {{ ref('code_list') }}
where list_name = 'proposal'
