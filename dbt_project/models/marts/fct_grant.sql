select
    project_id,
    project_name,
    municipality_code,
    start_date,
    end_date,
    month_count,
    granted_sek,
    used_sek,
    unused_sek
from {{ ref('int_grant') }}
