with delivery as (

    select * from {{ source('quality', 'delivery') }}

)

select
    party as deliverer,
    {{ code_of_deliverer('party') }} as deliverer_code,
    dataset,
    period_start,
    period_end
from delivery
where status = 'in_force'
