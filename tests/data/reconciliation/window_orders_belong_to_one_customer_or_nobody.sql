-- What: every active order in a window belongs to exactly one customer per key scope, or is
-- unidentifiable.
-- When it matters: always. An order without a customer is revenue missing from every card and list.
-- How to fix: see subject_type of the order in fct_orders; every type but unidentifiable has a
-- customer in int_customers.
with

orders as (
    select * from {{ ref('fct_orders') }}
    where is_active
),

windows as (
    select distinct
        window_days,
        key_scope,
        window_start_at,
        window_end_at
    from {{ ref('dim_cards') }}
    where window_days is not null and key_scope is not null and grace_days = 0
),

active_customers as (
    select
        window_days,
        key_scope,
        customer_id,
        count(distinct customer_presence) as customer_count
    from {{ ref('fct_customer_presence') }}
    group by window_days, key_scope, customer_id
)

select
    windows.window_days,
    windows.key_scope,
    orders.order_key,
    orders.subject_type,
    orders.customer_id,
    active_customers.customer_count
from windows
inner join orders
    on orders.ordered_at >= windows.window_start_at
    and orders.ordered_at < windows.window_end_at
left join active_customers
    on windows.window_days = active_customers.window_days
    and windows.key_scope = active_customers.key_scope
    and orders.customer_id = active_customers.customer_id
where (orders.subject_type = 'unidentifiable') != (orders.customer_id is null)
    or (orders.customer_id is not null and coalesce(active_customers.customer_count, 0) != 1)
