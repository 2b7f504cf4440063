select
    grants.project_id,
    grants.municipality_code,
    grants.start_date,
    grants.end_date,
    grants.month_count,
    grants.granted_sek,
    grants.used_sek,
    grants.unused_sek,
    {{ percent('grants.used_sek', 'grants.granted_sek') }} as used_percent,
    grants.project_name,
    municipalities.municipality_name
from {{ ref('int_grant') }} as grants
left join {{ ref('municipality') }} as municipalities
    on grants.municipality_code = municipalities.municipality_code
