-- Statements; where the source is a scanned one, with the text as it was meant.
select
    observations.observation_id,
    observations.reporter_code,
    observations.category_code,
    observations.theme_codes,
    observations.observed_on,
    observations.statement_text,
    coalesce(statements.corrected_text, observations.statement_text) as corrected_text,
    statements.polarity,
    statements.source_document
from {{ ref('stg_finsam__observationer') }} as observations
left join {{ ref('statement') }} as statements
    on
        observations.observation_id = statements.observation_id
        and observations.statement_text = statements.text
