select
    period_type,
    period,
    start_date,
    end_date,
    day_count,
    previous_period,
    label_sv,
    period_key as sort_order
from {{ ref('int_period') }}
