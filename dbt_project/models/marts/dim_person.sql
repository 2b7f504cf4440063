select
    person_id,
    gender_code,
    first_seen_on,
    last_seen_on
from {{ ref('int_person') }}
