-- What: every counted row is between window_start_at and window_end_at of its card in card_values:
-- order placed, active order of a customer, Dataverse row created, flow run started.
-- When it matters: always. Otherwise filtering fct_orders by these dates gives other orders.
-- How to fix: filter the card only by the window of dim_cards. A card on another fact needs a
-- branch here.
{{ config(group='order_to_cash') }}
with

card_values as (
    select * from {{ ref('card_values') }}
),

card_rows as (
    select * from {{ ref('card_metric_rows') }}
    where row_key is not null
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
