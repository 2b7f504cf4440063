with counts as (

    select
        wave_code,
        coalesce(nonresponse_reason_code, 'OKAND') as reason_code,
        count(*) as nonresponse_count
    from {{ ref('int_survey_response') }}
    where not has_answered
    group by wave_code, coalesce(nonresponse_reason_code, 'OKAND')

),

totals as (

    select wave_code, sum(nonresponse_count) as all_nonresponse_count
    from counts
    group by wave_code

),

reasons as (

    select code as reason_code, label_sv, label_en
    from {{ ref('code_list') }}
    where list_name = 'nonresponse_reason'
    union all
    select 'OKAND' as reason_code, 'Okänd' as label_sv, 'Unknown' as label_en

)

select
    counts.wave_code,
    counts.reason_code,
    counts.nonresponse_count,
    {{ percent('counts.nonresponse_count', 'totals.all_nonresponse_count') }} as share_percent,
    cast(totals.all_nonresponse_count as bigint) as all_nonresponse_count,
    reasons.label_sv,
    reasons.label_en
from counts
inner join totals on counts.wave_code = totals.wave_code
left join reasons on counts.reason_code = reasons.reason_code
