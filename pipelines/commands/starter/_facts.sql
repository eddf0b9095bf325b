-- What is loaded, as the files of the starter folder read it: facts_entities, facts_orders, facts_stores.
create temp table facts_entities as
with

parties as (
    select
        'fo' as erp, lower(trim(data_area_id)) as erp_code, upper(trim(sales_currency_code)) as currency,
        upper(trim(address_country_region_iso_code)) as country
    from raw_d365_fo.customers
    union all
    select 'bc', lower(instance), upper(trim(currency_code)), upper(trim(country))
    from raw_d365_bc.customers
),

entities as (
    select
        erp, erp_code, count(*) as customers,
        mode(country) filter (country in (select country_code from countries)) as country,
        mode(currency) filter (currency in (select currency_code from currencies)) as currency
    from parties
    where erp_code != ''
    group by erp, erp_code
)

select
    entities.*,
    coalesce(entities.currency, countries.currency_code, {{ fallback.currency }}) as currency_code,
    coalesce(countries.time_zone, {{ fallback.time_zone }}) as time_zone,
    row_number() over (order by entities.customers desc, entities.erp_code) = 1 as is_reporting
from entities
left join countries on entities.country = countries.country_code;

create temp table facts_orders as
select
    'shopify' as platform, instance, upper(trim(coalesce(currency_code, presentment_currency_code))) as currency,
    upper(trim((shipping_address->>'countryCodeV2'))) as country,
    (purchasing_entity->>'__typename') = 'PurchasingCompany' as is_of_company,
    upper(trim(display_financial_status)) as status, _ordered_at
from raw_shopify.orders
union all
select
    'bigcommerce', orders.instance, upper(trim(coalesce(store_default_currency_code, default_currency_code, currency_code))),
    upper(trim((billing_address->>'country_iso2'))), b2b.company_id is not null, upper(trim(status_id)), _ordered_at
from raw_bigcommerce.orders as orders
left join (select distinct instance, bc_order_id, company_id from raw_bigcommerce.b2b_orders) as b2b
    on orders.instance = b2b.instance and orders.id = b2b.bc_order_id
union all
select
    'adobe_commerce', instance, upper(trim(base_currency_code)), upper(trim((billing_address->>'country_id'))),
    (extension_attributes->'company_order_attributes') is not null, lower(trim(state)), _ordered_at
from raw_adobe_commerce.orders;

create temp table facts_stores as
with

stores as (
    select
        platform, instance, count(*) as orders, mode(currency) as currency, mode(country) as country,
        avg(case when is_of_company then 1 else 0 end) > 0.5 as is_b2b
    from facts_orders
    group by platform, instance
)

-- the entity of the currency and country, else of the currency, else the reporting entity
select
    stores.*,
    (
        select erp_code from facts_entities as entities
        order by
            entities.currency_code is not distinct from stores.currency desc,
            entities.country is not distinct from stores.country desc,
            is_reporting desc, erp_code
        limit 1
    ) as legal_entity_id
from stores;
