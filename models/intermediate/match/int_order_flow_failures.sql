-- Grain: one active order and failed primary flow run that may explain why D365 does not have it or
-- its customer: the run started after the order, within flow_failure_hours, and its flow creates
-- customers or orders.
with

orders as (
    select * from {{ ref('int_orders') }}
    where is_active
),

flow_runs as (
    select * from {{ ref('int_flow_runs_conformed') }}
    where is_failed
        and is_primary
        and purpose in ('creates_customer', 'creates_order')
        and started_at < {{ as_of_at() }}
)

select
    orders.order_key,
    flow_runs.flow_run_key,
    flow_runs.purpose
from orders
inner join flow_runs
    on flow_runs.started_at >= orders.ordered_at
    and flow_runs.started_at < orders.ordered_at + interval {{ var('flow_failure_hours') }} hours
