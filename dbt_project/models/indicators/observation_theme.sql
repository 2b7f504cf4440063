with counts as (

    select category_code, theme_code, reporter_code, count(*) as statement_count
    from {{ ref('int_observation_theme') }}
    group by category_code, theme_code, reporter_code

),

themes as (

    select code as theme_code, label_sv, label_en
    from {{ ref('code_list') }}
    where list_name = 'theme'

),

categories as (

    select code as category_code, label_sv, label_en
    from {{ ref('code_list') }}
    where list_name = 'observation_category'

)

select
    counts.category_code,
    counts.theme_code,
    counts.reporter_code,
    counts.statement_count,
    categories.label_sv as category_label_sv,
    categories.label_en as category_label_en,
    themes.label_sv as theme_label_sv,
    themes.label_en as theme_label_en
from counts
left join themes on counts.theme_code = themes.theme_code
left join categories on counts.category_code = categories.category_code
