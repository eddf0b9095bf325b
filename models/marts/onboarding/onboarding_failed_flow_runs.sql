-- Grain: one absent customer of the headline and expected destination that failed runs of a flow
-- creating customers may explain: they ran after an order of the window.
with

orders as (
    select * from {{ ref('onboarding_orders') }}
),

failures as (
    select * from {{ ref('fct_order_flow_failures') }}
    where purpose = 'creates_customer'
)

select
    orders.customer_id,
    orders.destination_key,
    cast({{ sorted_list('failures.flow_run_key') }} as string) as failed_flow_run_ids
from orders
inner join failures
    on orders.order_key = failures.order_key
group by orders.customer_id, orders.destination_key
