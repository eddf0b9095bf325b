-- Grain: one order of the look-back, with its state, its store and its subject: the party the ERP
-- would hold.
with

orders as (
    select * from {{ ref('int_orders_unioned') }}
),

order_statuses as (
    select * from {{ ref('field_map_order_statuses') }}
),

stores as (
    select * from {{ ref('field_map_stores') }}
),

countries as (
    select * from {{ ref('int_country_codes_listed') }}
),

guests as (
    select * from {{ ref('int_order_guests_named') }}
)

select
    orders.*,
    coalesce(order_statuses.order_state, 'active') as order_state,
    order_statuses.order_state is not null as is_status_known,
    coalesce(order_statuses.order_state, 'active') = 'active'
        and coalesce(stores.is_in_scope, true)
        and orders.ordered_at is not null as is_active,
    coalesce(stores.is_in_scope, true) as is_store_in_scope,
    orders.ordered_at > {{ as_of_at() }} - interval {{ var('awaiting_sync_minutes') }} minutes
        as is_awaiting_sync,
    case
        when orders.company_key is not null then 'company'
        when orders.account_key is not null then 'account'
        when guests.guest_email is not null then 'guest'
        else 'unidentifiable'
    end as subject_type,
    coalesce(
        orders.company_key,
        orders.account_key,
        orders.platform || ':' || orders.instance || ':guest:' || guests.guest_email
    ) as subject_key,
    case
        when orders.company_key is not null or lower(stores.segment) = 'b2b' then 'B2B' else 'DTC'
    end as order_segment_code,
    coalesce(stores.order_reference_prefix, '')
        || coalesce({{ canonical_reference('orders.order_number') }}, orders.platform_order_id)
        as order_reference,
    coalesce(orders.company_name, orders.person_name, orders.order_email) as subject_name,
    countries.country_code
from orders
left join order_statuses
    on orders.platform = order_statuses.platform
    and upper(orders.raw_status) = upper(order_statuses.raw_status)
left join stores
    on orders.platform = stores.platform
    and lower(orders.instance) = lower(stores.instance)
left join countries
    on upper(trim(orders.country_text)) = countries.country_text
left join guests
    on orders.order_key = guests.order_key
