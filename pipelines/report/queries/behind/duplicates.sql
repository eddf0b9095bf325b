with pairs as (
    select customer_id, other_customer_name as other_name, shared
    from worklist.onboarding_duplicate_candidates
    union all
    select other_customer_id, customer_name, shared
    from worklist.onboarding_duplicate_candidates
)

select worklist.worklist_rank as rank, pairs.other_name, pairs.shared
from pairs
inner join worklist.onboarding_worklist as worklist
    on pairs.customer_id = worklist.customer_id
order by rank, pairs.other_name
