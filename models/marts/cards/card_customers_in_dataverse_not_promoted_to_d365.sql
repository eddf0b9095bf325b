-- Grain: one active Dataverse account or contact created in the card's window that has no D365
-- customer.
with

dataverse_customers as (
    select * from {{ ref('dim_dataverse_customers') }}
    where is_active and not is_promoted
),

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'customers_in_dataverse_not_promoted_to_d365'
        and is_measurable
)

select
    dataverse_customers.dataverse_key,
    dataverse_customers.dataverse_table,
    dataverse_customers.dataverse_id,
    dataverse_customers.legal_entity_id,
    dataverse_customers.created_at,
    dataverse_customers.eligibility_reason
from dataverse_customers
inner join cards
    on {{ in_window('dataverse_customers.created_at', 'cards') }}
