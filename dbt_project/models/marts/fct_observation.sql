select
    observation_id,
    reporter_code,
    category_code,
    theme_codes,
    observed_on,
    statement_text,
    corrected_text,
    polarity,
    source_document
from {{ ref('int_observation') }}
