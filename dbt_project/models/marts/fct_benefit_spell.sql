select
    deliverer_code,
    person_id,
    benefit_code,
    start_date,
    end_date,
    extent_percent
from {{ ref('int_benefit_spell') }}
