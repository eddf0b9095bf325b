-- Grain: one active order and failed flow run that may explain it.
with

failures as (
    select * from {{ ref('int_flow_failures_explained') }}
)

select
    cast(order_key as string) as order_key,
    cast(customer_id as string) as customer_id,
    cast(destination_key as string) as destination_key,
    cast(flow_run_key as string) as flow_run_key,
    cast(purpose as string) as purpose
from failures
