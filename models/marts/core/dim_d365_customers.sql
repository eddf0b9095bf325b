-- Grain: one customer of the D365 customer master (F&O company and account, Business Central
-- company and number).
with

d365_customers as (
    select * from {{ ref('int_d365_customers_unioned') }}
)

select
    cast(d365_customer_key as string) as d365_customer_key,
    cast(erp as string) as erp,
    cast(instance as string) as instance,
    cast(erp_code as string) as erp_code,
    cast(legal_entity_id as string) as legal_entity_id,
    cast(d365_customer_id as string) as d365_customer_id,
    cast(party_number as string) as party_number,
    cast(customer_name as string) as customer_name,
    cast(country_code as string) as country_code,
    cast(postal_code as string) as postal_code,
    is_blocked,
    is_one_time_customer
from d365_customers
