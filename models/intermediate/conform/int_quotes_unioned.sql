-- Grain: one quote, draft order or negotiable quote of any platform that has not become an order.
-- email: the usable address, of several the first in the alphabet, as of an order.
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

emails as (
    select fields.holder_key, min({{ key_of('fields') }}) as email
    from {{ ref('int_key_fields') }} as fields
    {{ joined_keys('fields') }}
    where fields.field_name = 'quote.email' and fields.mapped_field = '*.email'
    group by fields.holder_key
),

unioned as (
    select
        'shopify' as platform,
        instance,
        draft_order_id as platform_quote_id,
        customer_id as platform_customer_id,
        company_id as platform_company_id,
        created_at,
        order_id is not null or draft_status = 'COMPLETED' as is_ordered
    from draft_orders
    union all
    select 'bigcommerce', instance, quote_id, null, company_id, created_at,
        coalesce(order_id, '0') != '0'
    from bigcommerce_quotes
    union all
    select 'adobe_commerce', instance, quote_id, customer_id, null, created_at,
        coalesce(quote_status = 'ordered', false)
    from negotiable_quotes
),

keyed as (
    select
        *,
        platform || ':' || instance || ':quote:' || platform_quote_id as holder_key
    from unioned
)

select
    keyed.platform || ':' || keyed.instance || ':' || keyed.platform_quote_id as quote_key,
    keyed.platform,
    keyed.instance,
    coalesce(
        keyed.platform || ':' || keyed.instance || ':company:' || keyed.platform_company_id,
        keyed.platform || ':' || keyed.instance || ':account:' || keyed.platform_customer_id,
        keyed.platform || ':' || keyed.instance || ':guest:' || emails.email
    ) as subject_key,
    keyed.platform || ':' || keyed.instance || ':'
        || coalesce(keyed.platform_company_id, keyed.platform_customer_id) as external_id,
    emails.email,
    keyed.created_at
from keyed
left join stores
    on keyed.platform = stores.platform
    and lower(keyed.instance) = lower(stores.instance)
left join emails
    on keyed.holder_key = emails.holder_key
where not keyed.is_ordered
    and coalesce(stores.is_in_scope, true)
