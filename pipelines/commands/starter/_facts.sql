-- What is loaded, as the files of the starter folder read it: facts_orders, facts_entities, facts_stores,
-- facts_tags, facts_number_fields.
{% for table, file in (
    ("order_statuses", "field_map/field_map_order_statuses"), ("match_keys", "field_map/field_map_match_keys"),
    ("currencies", "reference/iso_currencies"), ("iso_countries", "reference/iso_countries"),
    ("country_aliases", "reference/country_aliases"),
) %}
create temp table {{ table }} as
from read_csv('{{ seeds | string | replace("'", "''") }}/{{ file }}.csv', all_varchar = true);
{% endfor %}

-- the time zone of most people, where the first of several is another; the table of zones has the main one first
create temp table countries as
select
    zones.country_code, any_value(currency_of.currency_code) as currency_code,
    coalesce(
        any_value(map {
            'AU': 'Australia/Sydney', 'BR': 'America/Sao_Paulo', 'CA': 'America/Toronto', 'RU': 'Europe/Moscow'
        }[zones.country_code]),
        first(zones.time_zone order by zones.place)
    ) as time_zone
from (
    select row_number() over () as place, column0 as country_code, column2 as time_zone
    from read_csv(
        '{{ zones | string | replace("'", "''") }}', delim = '\t', quote = '', comment = '#', header = false,
        all_varchar = true, null_padding = true
    )
) as zones
left join currency_of on zones.country_code = currency_of.country_code
group by zones.country_code;

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

create temp table facts_entities as
with

names as (
    select country_code as name, country_code from iso_countries
    union all
    select country_code_3, country_code from iso_countries
    union all
    select upper(country_name), country_code from iso_countries
    union all
    select upper(country_alias), country_code from country_aliases
),

parties as (
    select
        'fo' as erp, lower(trim(data_area_id)) as erp_code, upper(trim(sales_currency_code)) as currency,
        upper(coalesce(nullif(trim(address_country_region_iso_code), ''), trim(address_country_region_id))) as country
    from raw_d365_fo.customers
    union all
    select 'bc', lower(instance), upper(trim(currency_code)), upper(trim(country))
    from raw_d365_bc.customers
),

entities as (
    select
        erp, erp_code, count(*) as customers,
        mode((select min(names.country_code) from names where names.name = parties.country)) as country,
        mode(currency) filter (currency in (select currency_code from currencies)) as currency
    from parties
    where erp_code != ''
    group by erp, erp_code
),

-- without a country in the master: where most orders go, of countries with the currency of the entity if there are any
placed as (
    select
        entities.* replace (coalesce(
            entities.country,
            (
                select mode(orders.country)
                from facts_orders as orders
                inner join countries on orders.country = countries.country_code
                where countries.currency_code = entities.currency
            ),
            (select mode(country) from facts_orders where country in (select country_code from countries))
        ) as country)
    from entities
)

select
    placed.* replace (coalesce(placed.country, 'US') as country),
    coalesce(
        placed.currency, countries.currency_code,
        (select mode(currency) from facts_orders where currency in (select currency_code from currencies)),
        {{ known.reporting_currency }}
    ) as currency_code,
    coalesce(countries.time_zone, {{ known.reporting_timezone }}) as time_zone,
    row_number() over (order by placed.customers desc, placed.erp_code) = 1 as is_reporting
from placed
left join countries on placed.country = countries.country_code;

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

create temp table facts_tags as
select 'account' as entity, instance, unnest(try_cast(tags as text[])) as tag from raw_shopify.customers
union all
select 'order', instance, unnest(try_cast(tags as text[])) from raw_shopify.orders;

-- fields of a company's own, and tags, in which numbers of D365 customers are: two or more, and most of what is filled
create temp table facts_number_fields as
with

own_fields as (
    {% for platform, table, list, entity, name, value in (
        ("shopify", "orders", "custom_attributes", "order", "key", "value"),
        ("bigcommerce", "orders", "billing_address->'form_fields'", "order", "name", "value"),
        ("bigcommerce", "customers", "form_fields", "account", "name", "value"),
        ("bigcommerce", "customers", "attributes", "account", "attribute_id", "attribute_value"),
        ("bigcommerce", "companies", "extra_fields", "company", "fieldName", "fieldValue"),
        ("adobe_commerce", "customers", "custom_attributes", "account", "attribute_code", "value"),
        ("adobe_commerce", "companies", "custom_attributes", "company", "attribute_code", "value"),
    ) %}
    select
        '{{ platform }}' as platform, '{{ entity }}.attribute.' || (element->>'{{ name }}') as source_field,
        element->>'{{ value }}' as text
    from (select unnest(try_cast({{ list }} as json[])) as element from raw_{{ platform }}.{{ table }})
    union all
    {% endfor %}
    select
        'shopify', entity || '.tag.' || trim(split_part(tag, ':', 1)), substr(tag, instr(tag, ':') + 1)
    from facts_tags
    where contains(tag, ':')
),

filled as (
    select distinct platform, source_field, upper(trim(text)) as text from own_fields where trim(text) != ''
),

numbers as (
    select 'fo' as d365_system, 'CustomerAccount' as d365_field, upper(trim(customer_account)) as text
    from raw_d365_fo.customers
    union
    select 'bc', 'number', upper(trim(number)) from raw_d365_bc.customers
)

select filled.platform, filled.source_field, systems.d365_system, systems.d365_field
from filled
cross join (select distinct d365_system, d365_field from numbers) as systems
left join numbers on filled.text = numbers.text and systems.d365_system = numbers.d365_system
where not exists (
    select 1 from match_keys
    where match_keys.platform in ('*', filled.platform) and match_keys.d365_system = systems.d365_system
        and lower(match_keys.source_field) = lower(filled.source_field)
)
group by filled.platform, filled.source_field, systems.d365_system, systems.d365_field
having count(numbers.text) >= 2 and count(numbers.text) * 2 > count(*);
