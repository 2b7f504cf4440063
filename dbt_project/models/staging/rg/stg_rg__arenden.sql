with arenden as (

    {{ rows_that_hold('arenden', ['arende_id']) }}

),

deliveries as (

    select delivery_id, row_number() over (order by delivery_id) as delivery_number
    from {{ source('quality', 'delivery') }}
    where dataset = 'arenden' and status = 'in_force'

)

select
    -- An integer joins faster than the text of the deliverer; unique while a delivery has fewer rows than this.
    cast(deliveries.delivery_number * 1000000000 + arenden.row_number as bigint) as case_key,
    arenden.arende_id as case_id,
    arenden.person_id,
    arenden.konsultationsdatum as consulted_on,
    arenden.arendetyp as case_type_code,
    arenden.team_id,
    arenden.kommunkod as municipality_code,
    arenden.kon as gender_code,
    arenden.initierande_part as party_code,
    arenden.fragestallning as question_code,
    arenden.atgardsforslag as proposal_code,
    arenden.egen_fragestallning as has_own_question,
    arenden.deltog_mote as has_attended,
    arenden.aterkoppling as has_feedback,
    arenden.delivery_id
from arenden
inner join deliveries on arenden.delivery_id = deliveries.delivery_id
