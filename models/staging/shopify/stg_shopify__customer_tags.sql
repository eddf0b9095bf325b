-- Grain: one tag of one Shopify customer account.
with

customers as (
    select * from {{ ref('stg_shopify__customers') }}
    where tags is not null
),

exploded as (
    select
        instance,
        customer_id,
        {{ json_elements('tags') }} as tag
    from customers
)

select distinct
    instance,
    customer_id,
    trim({{ json_string('tag') }}) as tag
from exploded
