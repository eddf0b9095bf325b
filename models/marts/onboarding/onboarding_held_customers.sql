-- Grain: one customer and destination with an active order in some window that D365 holds or a
-- default customer covers, and by what. The shortest window that has the customer decides.
with

presence as (
    select
        *,
        row_number() over (
            partition by customer_id, destination_key order by window_days asc
        ) as window_rank
    from {{ ref('fct_customer_presence') }}
    where key_scope = 'headline'
)

select
    customer_id,
    destination_key,
    cast(coalesce(matched_key_type, 'default_customer') as string) as held_by
from presence
where window_rank = 1
    and presence != 'absent'
