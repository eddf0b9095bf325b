-- Grain: one row that one card counts, in the shape all cards share. A new card is one list item
-- here.
{% set customer_cards = [
    'ecom_customers_absent_from_d365_customer_master', 'ecom_customers_absent_from_d365'
] %}
{% set order_cards = [
    'commerce_orders_without_business_central_sales_order',
    'ecom_orders_missing_d365_free_text_invoice'
] %}
with

{% for card_id in customer_cards + order_cards %}
{{ card_id }} as (
    select * from {{ ref('card_' ~ card_id) }}
),
{% endfor %}

active_customers as (
    select * from {{ ref('card_active_customers') }}
),

dataverse_customers as (
    select * from {{ ref('card_customers_in_dataverse_not_promoted_to_d365') }}
),

flow_failures as (
    select * from {{ ref('card_power_automate_flow_failures') }}
),

unioned as (
    {% for card_id in customer_cards %}
    select '{{ card_id }}' as card_id, customer_id as row_key, segment_code,
        blocked_value_reporting as value_reporting, is_in_dataverse, true as is_alerting
    from {{ card_id }}
    union all
    {% endfor %}
    select 'commerce_orders_without_business_central_sales_order' as card_id, order_key as row_key,
        order_segment_code as segment_code, order_value_reporting as value_reporting,
        cast(null as boolean) as is_in_dataverse, is_older_than_24_hours as is_alerting
    from commerce_orders_without_business_central_sales_order
    union all
    select 'ecom_orders_missing_d365_free_text_invoice', order_key, order_segment_code,
        order_value_reporting,
        null, true
    from ecom_orders_missing_d365_free_text_invoice
    union all
    select 'active_customers', customer_id, segment_code, null, null, true
    from active_customers
    union all
    select 'customers_in_dataverse_not_promoted_to_d365', dataverse_key, null, null, true, true
    from dataverse_customers
    union all
    select 'power_automate_flow_failures', flow_run_key, null, null, null, true
    from flow_failures
)

select
    cast(card_id as string) as card_id,
    cast(row_key as string) as row_key,
    cast(segment_code as string) as segment_code,
    cast(value_reporting as decimal(18, 2)) as value_reporting,
    is_in_dataverse,
    is_alerting
from unioned
