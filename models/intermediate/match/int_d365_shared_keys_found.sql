-- Grain: one D365 customer and one key value that another customer of the same company holds too.
with

d365_keys as (
    select distinct
        holder_key,
        key_type,
        key_value
    from {{ ref('int_d365_keys_normalised') }}
    where d365_system in ('fo', 'bc')
),

d365_customers as (
    select * from {{ ref('int_d365_customers_unioned') }}
),

held as (
    select
        d365_customers.d365_customer_key,
        d365_customers.erp,
        d365_customers.instance,
        d365_customers.erp_code,
        d365_keys.key_type,
        d365_keys.key_value,
        count(*) over (
            partition by
                d365_customers.erp,
                d365_customers.instance,
                d365_customers.erp_code,
                d365_keys.key_type,
                d365_keys.key_value
        ) as holder_count
    from d365_keys
    inner join d365_customers
        on d365_keys.holder_key = d365_customers.d365_customer_key
)

select
    d365_customer_key,
    erp,
    instance,
    erp_code,
    key_type,
    key_value,
    holder_count
from held
where holder_count > 1
