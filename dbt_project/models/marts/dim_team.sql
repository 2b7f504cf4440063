select
    units.team_id,
    units.unit_name,
    units.unit_type_code,
    unit_types.label_sv as unit_type_label_sv,
    units.municipality_code,
    units.county_code,
    units.team_from,
    units.team_to
from {{ ref('int_unit') }} as units
left join {{ ref('code_list') }} as unit_types
    on
        units.unit_type_code = unit_types.code
        and unit_types.list_name = 'unit_type'
