select
    deliverer_code,
    person_id,
    party_code,
    consented_on,
    withdrawn_on,
    withdrawn_on is not null as is_withdrawn
from {{ ref('int_consent') }}
