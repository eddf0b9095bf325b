-- Grain: one thing that two absent customers share although no key connects them.
with

candidates as (
    select * from {{ ref('int_duplicate_candidates_found') }}
)

select
    cast(customer_id as string) as customer_id,
    cast(other_customer_id as string) as other_customer_id,
    cast(shared as string) as shared
from candidates
