-- Every area that a fact can be counted in, with its name.
select
    'county' as area_level,
    county_code as area_code,
    county_name as area_name
from {{ ref('county') }}
union all
select
    'municipality' as area_level,
    municipality_code as area_code,
    municipality_name as area_name
from {{ ref('municipality') }}
union all
select
    'team' as area_level,
    team_id as area_code,
    unit_name as area_name
from {{ ref('stg_rg__team') }}
