select
    registry.name,
    registry.title_sv,
    registry.title_en,
    registry.definition_sv,
    registry.definition_en,
    registry.numerator,
    registry.denominator,
    registry.population,
    registry.time_window,
    registry.unit,
    registry.source_document,
    registry.source_page,
    registry.goal_code,
    goals.label_sv as goal_label_sv,
    registry.known_discrepancies_sv,
    registry.known_discrepancies_en,
    registry.sort_order
from {{ ref('indicator_registry') }} as registry
left join {{ ref('dim_goal') }} as goals on registry.goal_code = goals.goal_code
