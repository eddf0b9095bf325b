-- What: in each store, the share of active orders with a value of each key type is above var
-- min_key_share_pct; and a source field filled in at least half of the earlier orders of the look-
-- back is filled in the last seven days.
-- When it matters: customers of a shop that withholds e-mails, or no longer fills a field, match no
-- key and count as absent.
-- How to fix: if the store has no such value, or its export cannot give it, deactivate the match
-- key. Else give the app of the store access to customer data (Shopify: protected customer data
-- with e-mail, name and address; BigCommerce: scope Customers; Adobe Commerce: resource Customers)
-- and reload its orders and customers.
{{ config(severity='warn', group='data_platform') }}
with

orders as (
    select
        platform,
        instance,
        order_key,
        subject_key,
        order_date > {{ days_before(as_of_date(), '7') }} as is_recent
    from {{ ref('int_orders') }}
    where is_active
),

match_keys as (
    select distinct match_key_id, key_type, source_field, platform
    from {{ ref('int_match_keys_active') }}
),

subject_keys as (
    select distinct keys.subject_key, match_keys.match_key_id
    from {{ ref('int_subject_keys') }} as keys
    inner join match_keys
        on keys.key_type = match_keys.key_type
        and array_contains(keys.fields, match_keys.source_field)
),

counted as (
    select
        orders.platform,
        orders.instance,
        match_keys.key_type,
        match_keys.source_field,
        orders.order_key,
        orders.is_recent,
        subject_keys.subject_key is not null as has_value
    from orders
    inner join match_keys
        on match_keys.platform in ('*', orders.platform)
    left join subject_keys
        on orders.subject_key = subject_keys.subject_key
        and match_keys.match_key_id = subject_keys.match_key_id
),

-- an order has a value of the type if any match key of the type gives one
per_type as (
    select
        platform,
        instance,
        key_type,
        count(distinct order_key) as order_count,
        count(distinct case when has_value then order_key end) as with_value_count
    from counted
    group by platform, instance, key_type
),

per_field as (
    select
        platform,
        instance,
        key_type,
        source_field,
        count(distinct case when is_recent then order_key end) as recent_count,
        count(distinct case when is_recent and has_value then order_key end)
            as recent_with_value_count,
        count(distinct case when not is_recent then order_key end) as earlier_count,
        count(distinct case when not is_recent and has_value then order_key end)
            as earlier_with_value_count
    from counted
    group by platform, instance, key_type, source_field
)

select
    platform,
    instance,
    key_type,
    cast(null as string) as source_field,
    'no ' || replace(key_type, '_', ' ') || ' in '
        || cast(order_count - with_value_count as string) || ' of '
        || cast(order_count as string) || ' orders' as finding
from per_type
where with_value_count * 100 <= order_count * {{ var('min_key_share_pct') }}
union all
select
    platform,
    instance,
    key_type,
    source_field,
    'no value in ' || cast(recent_count as string) || ' of '
        || cast(recent_count as string) || ' orders of the last 7 days, before in '
        || cast(earlier_with_value_count as string) || ' of '
        || cast(earlier_count as string) as finding
from per_field
where recent_count >= 3
    and recent_with_value_count = 0
    and earlier_with_value_count > 0
    and earlier_with_value_count * 2 >= earlier_count
