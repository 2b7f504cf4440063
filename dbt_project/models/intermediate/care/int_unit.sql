-- Care units, with or without a team, by area.
select
    team_id,
    unit_name,
    unit_type_code,
    municipality_code,
    left(municipality_code, 2) as county_code,
    team_from,
    team_to
from {{ ref('stg_rg__team') }}
