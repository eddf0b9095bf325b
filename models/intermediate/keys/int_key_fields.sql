-- Grain: one part of a text in a field that may contain a key of its holder: an order of the
-- look-back, its account or company, a quote, a D365 customer or a Dataverse row. Only what the
-- field map reads (mapped_field), every e-mail, and of a shop every tax id; a part that a field has
-- twice comes twice. key_text: as it is written, NULL where that is canonical_text. Tax ids have a
-- country: their own, else that of each order of the holder. system: of D365 and Dataverse only.
with

countries as (select * from {{ ref('int_country_codes_listed') }}),

orders as (
    select orders.platform, orders.order_key, orders.account_key, orders.company_key, orders.phone,
        orders.company_name, orders.person_name, orders.postal_code, orders.country_text,
        countries.country_code
    from ({{ platform_orders() }}) as orders
    left join countries on upper(trim(orders.country_text)) = countries.country_text
),

holder_countries as (
    select order_key as holder_key, country_code from orders
    union all
    select distinct account_key, country_code from orders where account_key is not null
    union all
    select distinct company_key, country_code from orders where company_key is not null
),

shop_fields as (
    {% for platform in var('platforms') %}
    select '{{ platform }}' as platform, entity_key as holder_key, field_name, field_value,
        country_text
    from {{ ref('int_' ~ platform ~ '__fields') }}
    union all
    {% endfor %}
    select distinct platform, account_key, 'subject.id',
        replace(account_key, ':account:', ':'), null
    from orders where account_key is not null
    union all
    select distinct platform, company_key, 'subject.id',
        replace(company_key, ':company:', ':'), null
    from orders where company_key is not null
    union all
    select platform, order_key, 'order.phone', phone, country_text
    from orders where phone is not null
    {% for name in ['company_name', 'person_name'] %}
    union all
    select platform, order_key, 'subject.name_address',
        {{ name_address(name, 'postal_code', 'country_code') }}, null
    from orders where {{ name }} is not null
    {% endfor %}
),

mapped_shop_fields as (
    select platform, source_field, key_type from {{ ref('int_match_keys_active') }}
    union
    select '*', '*.email', 'email'
    union
    select '*', '*.tax_id', 'tax_id'
),

shop_names as (
    select distinct names.platform, names.field_name, mapped.source_field, mapped.key_type
    from (select distinct platform, field_name from shop_fields) as names
    inner join mapped_shop_fields as mapped
        on mapped.platform in ('*', names.platform)
        and lower(mapped.source_field)
            in (lower(names.field_name), '*.' || split_part(names.field_name, '.', 2))
    where names.field_name not like 'subject.%' or mapped.source_field not like '*%'
),

-- every e-mail of a customer, whatever the field map reads
party_names as (
    select d365_system, d365_field, key_type from {{ ref('int_match_keys_active') }}
    union
    select 'fo', {{ split_rows("'PrimaryContactEmail|CustomerElectronicAddresses.Locator'", '|') }},
        'email'
    union
    select 'bc', 'email', 'email'
),

texts as (
    select cast(null as string) as system, fields.holder_key, names.key_type,
        names.source_field as mapped_field, fields.field_name, fields.field_value as key_text,
        case when names.key_type = 'tax_id'
            then coalesce(countries.country_code, holder_countries.country_code)
        end as country_code,
        names.key_type = 'tax_id' and countries.country_code is null as is_country_of_order
    from shop_fields as fields
    inner join shop_names as names
        on fields.platform = names.platform and fields.field_name = names.field_name
    left join countries on upper(trim(fields.country_text)) = countries.country_text
    left join holder_countries
        on case when names.key_type = 'tax_id' and countries.country_code is null
            then fields.holder_key end = holder_countries.holder_key
    union all
    select parties.d365_system, parties.party_key, names.key_type, names.d365_field,
        names.d365_field,
        case names.d365_field when 'name_address'
            then {{ name_address('customer_name', 'postal_code', 'country_code') }}
            else {{ own_field('parties.record', 'names.d365_field') }}
        end,
        case when names.key_type = 'tax_id' then parties.country_code end, false
    from {{ ref('int_erp_parties') }} as parties
    inner join party_names as names
        on parties.d365_system = names.d365_system
        and names.d365_field not in ('CustomerElectronicAddresses.Locator', 'contacts.email')
    union all
    select distinct contacts.d365_system, contacts.party_key, names.key_type, names.d365_field,
        names.d365_field, contacts.email, null, false
    from {{ ref('int_customer_contacts') }} as contacts
    inner join party_names as names
        on contacts.d365_system = names.d365_system and names.d365_field = 'contacts.email'
    where contacts.customer_count = 1
    union all
    select distinct 'fo', parties.party_key, names.key_type, names.d365_field, names.d365_field,
        addresses.locator, null, false
    from {{ ref('stg_d365_fo__customer_electronic_addresses') }} as addresses
    inner join {{ ref('int_erp_parties') }} as parties
        on parties.d365_system = 'fo'
        and 'fo:' || addresses.instance || ':' || addresses.data_area_id || ':'
        || {{ canonical_account('addresses.customer_account') }} = parties.canonical_party_key
    inner join party_names as names
        on names.d365_system = 'fo' and names.d365_field = 'CustomerElectronicAddresses.Locator'
    -- of phones, websites and what has no type only what looks like an e-mail address
    where addresses.address_type = 'email'
        or (contains(addresses.locator, '@') and not contains(addresses.locator, '://'))
),

listed as (
    select *, {{ by_key_type('list') }} as list_text
    from (select * replace ({{ visible_text('trim(key_text)') }} as key_text) from texts) as texts
),

parts as (
    select *,
        {{ split_rows(
            'list_text', ';', "key_type in ('email', 'tax_id') and contains(list_text, ';')"
        ) }} as part_text
    from listed
)

select system, holder_key, key_type, mapped_field, field_name,
    nullif(key_text, canonical_text) as key_text, canonical_text, country_code, is_country_of_order
from (
    select *, {{ by_key_type('canonical') }} as canonical_text
    from parts
    where part_text != '' and (part_text = list_text or trim(part_text) != '')
        -- a name and address that no order has is no key of anyone
        and (system is null or key_type != 'name_address' or part_text in (
            select field_value from shop_fields where field_name = 'subject.name_address'
        ))
) as canonical
