with follow_up_totals as (

    select * from {{ ref('int_follow_up_total') }}

)

{{ sums_by_period_and_area(
    'follow_up_totals',
    ['county', 'municipality'],
    ['gender_code', 'party_code', 'horizon_months'],
    follow_up_conditions().keys() | list
) }}
