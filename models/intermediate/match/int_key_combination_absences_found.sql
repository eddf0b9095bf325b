-- Grain: one customer of the headline's window and destination in which no key of one combination
-- of key types resolves and which no default customer covers. Who is one customer stays as it is:
-- only what the master is asked for changes.
with

orders as (
    select * from {{ ref('int_window_orders_listed') }}
),

cards as (
    select * from {{ ref('stg_cards__windows') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
),

matches as (
    select * from {{ ref('int_destination_matches_found') }}
    where key_scope = 'headline'
),

combination_keys as (
    select * from {{ ref('int_key_combinations_listed') }}
),

destinations as (
    select
        orders.customer_id,
        orders.destination_key,
        count(*) as order_count,
        sum(case when not orders.is_posted then orders.order_value_reporting end)
            as open_value_reporting
    from orders
    inner join cards
        on orders.window_days = cards.window_days
    group by orders.customer_id, orders.destination_key
    having not bool_and(orders.is_covered_by_default_customer)
),

resolved as (
    select distinct
        combination_keys.key_types,
        matches.customer_id,
        matches.destination_key
    from matches
    inner join combination_keys
        on matches.key_type = combination_keys.key_type
),

combinations as (
    select distinct key_types from combination_keys
)

select
    combinations.key_types,
    destinations.customer_id,
    destinations.destination_key,
    destinations.order_count,
    coalesce(destinations.open_value_reporting, 0) as open_value_reporting
from destinations
cross join combinations
where not exists (
    select 1 from resolved
    where resolved.key_types = combinations.key_types
        and resolved.customer_id = destinations.customer_id
        and resolved.destination_key = destinations.destination_key
)
