with cancelled_meetings as (

    select
        interval_key,
        municipality_code,
        coalesce(cancellation_reason_code, 'OKAND') as reason_code,
        count(*) as cancelled_count
    from {{ ref('int_meeting') }}
    where not is_held
    group by interval_key, municipality_code, coalesce(cancellation_reason_code, 'OKAND')

),

counts as (

    {{ sums_by_period_and_area(
        'cancelled_meetings', ['county', 'municipality'], ['reason_code'], ['cancelled_count']
    ) }}

),

reasons as (

    select code as reason_code, label_sv, label_en
    from {{ ref('code_list') }}
    where list_name = 'cancellation_reason'
    union all
    select 'OKAND' as reason_code, 'Okänd' as label_sv, 'Unknown' as label_en

)

select
    counts.period_type,
    counts.period,
    counts.area_level,
    counts.area_code,
    counts.reason_code,
    counts.cancelled_count,
    reasons.label_sv,
    reasons.label_en,
    areas.area_name
from counts
left join reasons on counts.reason_code = reasons.reason_code
left join {{ ref('int_area') }} as areas
    on
        counts.area_level = areas.area_level
        and counts.area_code = areas.area_code
