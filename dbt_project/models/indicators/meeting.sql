{%- set measures = [
    'scheduled_count', 'held_count', 'cancelled_count', 'held_digital_count', 'held_physical_count'
] -%}
with meetings as (

    select
        interval_key,
        municipality_code,
        team_id,
        count(*) as scheduled_count,
        count(*) filter (where is_held) as held_count,
        count(*) filter (where not is_held) as cancelled_count,
        count(*) filter (where is_held and meeting_form_code = 'D') as held_digital_count,
        count(*) filter (where is_held and meeting_form_code = 'F') as held_physical_count
    from {{ ref('int_meeting') }}
    group by interval_key, municipality_code, team_id

),

counts as (

    {{ sums_by_period_and_area('meetings', ['county', 'municipality', 'team'], [], measures) }}

)

select
    counts.period_type,
    counts.period,
    counts.area_level,
    counts.area_code,
    counts.scheduled_count,
    counts.held_count,
    counts.cancelled_count,
    {{ percent('counts.cancelled_count', 'counts.scheduled_count') }} as cancelled_percent,
    counts.held_digital_count,
    counts.held_physical_count,
    areas.area_name
from counts
left join {{ ref('int_area') }} as areas
    on
        counts.area_level = areas.area_level
        and counts.area_code = areas.area_code
