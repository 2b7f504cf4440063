select
    municipalities.municipality_code,
    municipalities.municipality_name,
    municipalities.county_code,
    counties.county_name
from {{ ref('municipality') }} as municipalities
left join {{ ref('county') }} as counties on municipalities.county_code = counties.county_code
