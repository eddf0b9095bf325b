-- What: every row that a card counts happened between window_start_at and window_end_at of its row
-- in card_values: an order was placed, a customer has an active order, a Dataverse row was created,
-- a flow run began.
-- When it matters: always. Otherwise the dates on the card are not the dates that it counts, and a
-- reader who filters fct_orders by them finds other orders.
-- How to fix: the card filters by the window of dim_cards and by nothing else.
-- A card over another fact needs a branch here.
{{ config(group='order_to_cash') }}
with

card_values as (
    select * from {{ ref('card_values') }}
),

card_rows as (
    select * from {{ ref('card_rows') }}
),

happened as (
    select order_key as row_key, ordered_at as happened_at from {{ ref('fct_orders') }}
    where is_active
    union all
    select customer_id, ordered_at from {{ ref('fct_orders') }}
    where is_active
    union all
    select dataverse_key, created_at from {{ ref('dim_dataverse_customers') }}
    union all
    select flow_run_key, started_at from {{ ref('fct_flow_runs') }}
)

select
    card_rows.card_id,
    card_rows.row_key,
    card_values.window_start_at,
    card_values.window_end_at
from card_rows
inner join card_values
    on card_rows.card_id = card_values.card_id
where not exists (
    select 1 from happened
    where happened.row_key = card_rows.row_key
        and happened.happened_at >= card_values.window_start_at
        and happened.happened_at < card_values.window_end_at
)
