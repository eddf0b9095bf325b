-- What: worklist and headline have the same customers.
-- When it matters: always. The list must match the number on the card.
-- How to fix: look the customer up in fct_customer_presence; each absent destination in the window
-- is one worklist row.
with

headline as (
    select * from {{ ref('card_ecom_customers_absent_from_d365_customer_master') }}
),

worklist_customers as (
    select
        customer_id,
        count(*) as row_count,
        count(distinct coalesce(
            expected_legal_entity_id, candidate_legal_entity_ids, mapping_status))
            as destination_count
    from {{ ref('onboarding_worklist') }}
    group by customer_id
)

select
    coalesce(headline.customer_id, worklist_customers.customer_id) as customer_id,
    headline.customer_id is not null as is_counted,
    worklist_customers.customer_id is not null as is_on_worklist,
    worklist_customers.row_count,
    worklist_customers.destination_count
from headline
full outer join worklist_customers
    on headline.customer_id = worklist_customers.customer_id
where headline.customer_id is null
    or worklist_customers.customer_id is null
    or worklist_customers.row_count != worklist_customers.destination_count
