-- One row per statement and theme: a statement with several themes counts in each, once.
with statement_parts as (

    {{ text_parts(
        ref('stg_finsam__observationer'), ['observation_id', 'reporter_code', 'category_code', 'observed_on'],
        'theme_codes', '|'
    ) }}

)

select distinct
    observation_id,
    reporter_code,
    category_code,
    observed_on,
    part as theme_code
from statement_parts
where part != ''
