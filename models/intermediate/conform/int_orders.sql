-- Grain: one order of the look-back, of any platform, with its state, its store, its subject (the
-- party that belongs in the ERP) and its value in the reporting currency (NULL and flagged without
-- a rate). email_key: the usable address of the order, of several the first in the alphabet.
with

orders as (
    {{ platform_orders() }}
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

emails as (
    select
        fields.holder_key as order_key,
        min({{ key_of('fields') }}) as email_key
    from {{ ref('int_key_fields') }} as fields
    {{ joined_keys('fields') }}
    where fields.field_name = 'order.email' and fields.mapped_field = '*.email'
    group by fields.holder_key
),

classified as (
    select
        orders.*,
        {{ 'order_value_gross' if var('order_value_basis') == 'gross' else 'order_value_net' }}
            as order_value,
        emails.email_key,
        {{ order_state() }} as order_state,
        order_statuses.order_state is not null as is_status_known,
        {{ order_state() }} = 'active'
            and coalesce(stores.is_in_scope, true)
            and orders.ordered_at is not null as is_active,
        coalesce(stores.is_in_scope, true) as is_store_in_scope,
        case
            when orders.company_key is not null then 'company'
            when orders.account_key is not null then 'account'
            when emails.email_key is not null then 'guest'
            else 'unidentifiable'
        end as subject_type,
        coalesce(
            orders.company_key,
            orders.account_key,
            orders.platform || ':' || orders.instance || ':guest:' || emails.email_key
        ) as subject_key,
        case
            when orders.is_for_company or lower(stores.segment) = 'b2b' then 'B2B'
            else 'DTC'
        end as order_segment_code,
        coalesce(stores.order_reference_prefix, '')
            || coalesce({{ canonical_reference('orders.order_number') }}, orders.platform_order_id)
            as order_reference,
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
    left join emails
        on orders.order_key = emails.order_key
),

-- a rate is looked up for what an active order needs
rates as (
    select rates.*
    from {{ ref('int_reporting_rates') }} as rates
    inner join (
        select distinct order_date, order_currency_code from classified where is_active
    ) as needed
        on rates.order_date = needed.order_date
        and rates.order_currency_code = needed.order_currency_code
)

select
    classified.order_key,
    classified.account_key,
    classified.company_key,
    classified.platform,
    classified.instance,
    classified.platform_order_id,
    classified.order_number,
    classified.order_reference,
    classified.ordered_at,
    classified.order_date,
    classified.raw_status,
    classified.order_state,
    classified.is_status_known,
    classified.is_active,
    classified.is_store_in_scope,
    coalesce(classified.is_paid, false) as is_paid,
    coalesce(classified.is_fulfilled, false) as is_fulfilled,
    classified.ordered_at > {{ as_of_at() }} - interval {{ var('awaiting_sync_minutes') }} minutes
        as is_awaiting_sync,
    classified.subject_type,
    classified.subject_key,
    coalesce(classified.company_name, classified.person_name, classified.order_email)
        as subject_name,
    classified.order_segment_code,
    classified.email_key,
    classified.company_name,
    classified.person_name,
    classified.country_text,
    classified.country_code,
    classified.postal_code,
    classified.city,
    classified.street,
    classified.phone,
    classified.order_currency_code,
    classified.order_value_gross,
    classified.order_value_net,
    classified.order_value,
    rates.rate_method,
    cast(round(classified.order_value * rates.rate, 2) as decimal(18, 2)) as order_value_reporting,
    rates.rate is null as is_rate_missing
from classified
left join rates
    on classified.order_date = rates.order_date
    and classified.order_currency_code = rates.order_currency_code
