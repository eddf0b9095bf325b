-- Grain: one name, e-mail, tax id, phone number and address together of one absent customer (side
-- commerce) or D365 customer (side d365), as near matches compare them: a holder with two e-mails
-- has two records. Also of fields whose key row is switched off, that is what a near match shows;
-- no placeholders of the field map. Catch-all and one-time D365 customers are no near match.
{% set value_types = ['name', 'email', 'tax_id', 'phone'] %}
with

subjects as (
    select
        *,
        case when subject_type != 'company' then person_name end as own_person_name
    from {{ ref('int_customers') }}
    where customer_id in (
        select presence.customer_id from {{ ref('fct_customer_presence') }} as presence
        where presence.is_in_headline
    )
),

d365_customers as (
    select * from {{ ref('int_erp_parties') }} as customers
    where d365_system != 'dataverse'
        and not is_one_time_customer
        and not exists (
            select 1 from {{ ref('field_map_default_customers') }} as default_customers
            where default_customers.legal_entity_id = customers.legal_entity_id
                and {{ canonical_account('default_customers.d365_customer_id') }}
                    = {{ canonical_account('customers.d365_customer_id') }}
        )
),

subject_fields as (
    select subjects.customer_id as holder_key, fields.mapped_field, fields.key_text,
        fields.key_type, fields.canonical_text, fields.country_code
    from subjects
    inner join {{ ref('int_subject_fields') }} as fields
        on subjects.subject_key = fields.subject_key
),

holders as (
    select distinct 'commerce' as side, customer_id as holder_key, street, city, postal_code,
        country_code
    from subjects
    union all
    select 'd365' as side, party_key, street, city, postal_code, country_code
    from d365_customers
),

written as (
    {% for value_type, column in [
        ('name', 'company_name'), ('name', 'own_person_name'), ('phone', 'phone'),
    ] %}
    select 'commerce' as side, customer_id as holder_key, '{{ value_type }}' as value_type,
        {{ column }} as value_text
    from subjects
    union all
    {% endfor %}
    select 'commerce', holder_key, 'tax_id', key_text from subject_fields
    where mapped_field = '*.tax_id'
    union all
    {% for value_type, column in [
        ('name', 'customer_name'), ('phone', 'phone'), ('tax_id', 'tax_ids'),
    ] %}
    select 'd365', party_key, '{{ value_type }}', {{ column }} from d365_customers
    where {{ column }} is not null
    union all
    {% endfor %}
    select 'd365', d365_customers.party_key, 'phone', addresses.locator
    from {{ ref('stg_d365_fo__customer_electronic_addresses') }} as addresses
    inner join d365_customers
        on 'fo:' || addresses.instance || ':' || addresses.data_area_id || ':'
        || {{ canonical_account('addresses.customer_account') }}
            = d365_customers.canonical_party_key
    where addresses.address_type = 'phone'
),

split as (
    select side, holder_key, value_type, {{ split_rows("value_text", ';') }} as value_text
    from written
    where value_text is not null
),

cleaned as (
    select distinct
        side,
        holder_key,
        value_type,
        case value_type
            -- digits, without the extension: 555 0100 x 12
            when 'phone' then {{ replace_pattern(
                replace_pattern('lower(value_text)', '(x|#).*'), '[^0-9]'
            ) }}
            else trim(value_text)
        end as value_text
    from split
),

-- addresses are keys, written as everywhere
addresses as (
    select 'commerce' as side, holder_key, key_type, canonical_text, country_code
    from subject_fields
    where mapped_field = '*.email'
    union
    select 'd365', holder_key, key_type, canonical_text, country_code
    from {{ ref('int_key_fields') }}
    where key_type = 'email' and system in ('fo', 'bc')
),

listed as (
    select * from cleaned
    where value_text != ''
    union all
    select addresses.side, addresses.holder_key, 'email', addresses.canonical_text
    from addresses
    {{ joined_keys('addresses') }}
    where {{ key_of('addresses') }} is not null
)

select
    holders.side,
    holders.holder_key,
    name_values.value_text as holder_name,
    email_values.value_text as email,
    tax_id_values.value_text as tax_id,
    phone_values.value_text as phone,
    holders.street,
    holders.city,
    holders.postal_code,
    holders.country_code
from holders
{% for value_type in value_types %}
left join listed as {{ value_type }}_values
    on holders.side = {{ value_type }}_values.side
    and holders.holder_key = {{ value_type }}_values.holder_key
    and {{ value_type }}_values.value_type = '{{ value_type }}'
{% endfor %}
