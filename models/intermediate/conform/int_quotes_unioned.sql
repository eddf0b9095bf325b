-- Grain: one quote, draft order or negotiable quote of any platform that has not become an order.
with

draft_orders as (
    select * from {{ ref('stg_shopify__draft_orders') }}
),

bigcommerce_quotes as (
    select * from {{ ref('stg_bigcommerce__quotes') }}
),

negotiable_quotes as (
    select * from {{ ref('stg_adobe_commerce__negotiable_quotes') }}
),

stores as (
    select * from {{ ref('field_map_stores') }}
),

unioned as (
    select
        'shopify' as platform,
        instance,
        draft_order_id as platform_quote_id,
        customer_id as platform_customer_id,
        company_id as platform_company_id,
        order_email,
        created_at,
        order_id is not null or draft_status = 'COMPLETED' as is_ordered
    from draft_orders
    union all
    select 'bigcommerce', instance, quote_id, null, company_id, order_email, created_at,
        coalesce(order_id, '0') != '0'
    from bigcommerce_quotes
    union all
    select 'adobe_commerce', instance, quote_id, customer_id, null, order_email, created_at,
        coalesce(quote_status = 'ordered', false)
    from negotiable_quotes
)

select
    unioned.platform || ':' || unioned.instance || ':' || unioned.platform_quote_id as quote_key,
    unioned.platform,
    unioned.instance,
    coalesce(
        unioned.platform || ':' || unioned.instance || ':company:' || unioned.platform_company_id,
        unioned.platform || ':' || unioned.instance || ':account:' || unioned.platform_customer_id,
        unioned.platform || ':' || unioned.instance || ':guest:'
            || {{ canonical_email('unioned.order_email') }}
    ) as subject_key,
    unioned.platform || ':' || unioned.instance || ':'
        || coalesce(unioned.platform_company_id, unioned.platform_customer_id) as external_id,
    {{ canonical_email('unioned.order_email') }} as email,
    unioned.created_at
from unioned
left join stores
    on unioned.platform = stores.platform
    and lower(unioned.instance) = lower(stores.instance)
where not unioned.is_ordered
    and coalesce(stores.is_in_scope, true)
