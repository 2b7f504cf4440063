with new_cases as (

    select
        interval_key,
        municipality_code,
        question_code,
        proposal_code,
        count(*) as total_count
    from {{ ref('int_case') }}
    where is_new_case
    group by interval_key, municipality_code, question_code, proposal_code

),

pairs_that_occur as (

    {{ sums_by_period_and_area(
        'new_cases', ['county', 'municipality'], ['question_code', 'proposal_code'], ['total_count']
    ) }}

)

select
    pairs_that_occur.period_type,
    pairs_that_occur.period,
    pairs_that_occur.area_level,
    pairs_that_occur.area_code,
    pairs_that_occur.question_code,
    pairs_that_occur.proposal_code,
    pairs_that_occur.total_count,
    questions.label_sv as question_label_sv,
    proposals.label_sv as proposal_label_sv,
    areas.area_name
from pairs_that_occur
left join {{ ref('dim_question') }} as questions on pairs_that_occur.question_code = questions.question_code
left join {{ ref('dim_proposal') }} as proposals on pairs_that_occur.proposal_code = proposals.proposal_code
left join {{ ref('int_area') }} as areas
    on
        pairs_that_occur.area_level = areas.area_level
        and pairs_that_occur.area_code = areas.area_code
