-- The headline as one query on the raw file: unit H of `make bench`.
-- 7-day window, active orders, e-mail and external id normalised on both sides, customers with no
-- match in their legal entity: count and net value.
with

orders as (
    select
        'shopify:' || instance || ':' || regexp_replace(customer->>'id', '^.*/', '') as subject_id,
        nullif(lower(trim(email)), '') as email,
        case upper(shipping_address->>'countryCodeV2') when 'CA' then 'catr' else 'ustr' end as entity,
        (current_total_price_set->'presentmentMoney'->>'amount')::decimal(18, 2)
            - (current_total_tax_set->'presentmentMoney'->>'amount')::decimal(18, 2) as net_value
    from raw_shopify.orders
    where _ordered_at >= timestamp '2026-04-06 04:00:00'
        and _ordered_at < timestamp '2026-04-13 04:00:00'
        and display_financial_status not in ('REFUNDED', 'VOIDED', 'EXPIRED')
        and cancelled_at is null
        and coalesce(test, 'false') <> 'true'
),

d365 as (
    select
        lower(data_area_id) as entity,
        nullif(lower(trim(primary_contact_email)), '') as email,
        nullif(trim(record->>'IdentificationNumber'), '') as subject_id
    from raw_d365_fo.customers
),

absent as (
    select *
    from orders
    where not exists (
            select 1 from d365 where d365.entity = orders.entity and d365.email = orders.email
        )
        and not exists (
            select 1 from d365
            where d365.entity = orders.entity and d365.subject_id = orders.subject_id
        )
)

select count(distinct subject_id) as customer_count, sum(net_value) as net_value
from absent
