-- Of all that a person could hold from some destination of the ladder downwards, that
-- destination stands. Fails with the destinations that do not.
with held as (

    select
        destinations.destination_code as expected_code,
        sum(
            case lower_on_the_list.destination_code
                when 'FORSORJNINGSSTOD_DEL' then {{ support_bit('FORSORJNINGSSTOD') }}
                when 'FORSORJNINGSSTOD' then {{ support_bit('FORSORJNINGSSTOD_HUVUDINKOMST') }}
                when 'ARBETE' then 0
                when 'STUDIER' then 0
                when 'OKAND' then 0
                else {{ support_bit_of('lower_on_the_list.destination_code') }}
            end
        ) as support_mask
    from {{ ref('ladder') }} as destinations
    inner join {{ ref('ladder') }} as lower_on_the_list
        on destinations.sort_order <= lower_on_the_list.sort_order
    where destinations.destination_code not in ('ARBETE', 'STUDIER')
    group by destinations.destination_code

)

select
    expected_code,
    {{ destination_of('cast(support_mask as integer)') }} as destination_code
from held
where expected_code <> {{ destination_of('cast(support_mask as integer)') }}
