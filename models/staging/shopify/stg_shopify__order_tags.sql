-- Grain: one tag of one Shopify order of the look-back.
with

orders as (
    select * from {{ ref('stg_shopify__orders') }}
    where tags is not null
),

exploded as (
    select
        instance,
        order_id,
        {{ json_elements('tags') }} as tag
    from orders
)

select distinct
    instance,
    order_id,
    trim({{ json_string('tag') }}) as tag
from exploded
