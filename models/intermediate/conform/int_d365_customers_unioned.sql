-- Grain: one customer of the D365 customer master: F&O (company, account) and Business Central
-- (company, number).
with

fo_customers as (
    select * from {{ ref('stg_d365_fo__customers') }}
),

bc_customers as (
    select * from {{ ref('stg_d365_bc__customers') }}
),

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
),

countries as (
    select * from {{ ref('int_country_codes_listed') }}
),

customers as (
    select
        'fo' as erp,
        instance,
        data_area_id as erp_code,
        customer_account as d365_customer_id,
        party_number,
        customer_name,
        is_blocked,
        is_one_time_customer,
        country as country_text,
        postal_code,
        city,
        street,
        primary_contact_email as email,
        primary_contact_phone as phone,
        tax_exempt_number,
        tax_registration_id,
        organization_number,
        fiscal_code,
        record,
        _source_file as source_file
    from fo_customers
    union all
    select
        'bc' as erp,
        instance,
        lower(instance) as erp_code,
        coalesce(customer_number, customer_system_id) as d365_customer_id,
        cast(null as string) as party_number,
        customer_name,
        is_blocked,
        false as is_one_time_customer,
        country as country_text,
        postal_code,
        city,
        street,
        email,
        phone_number as phone,
        cast(null as string) as tax_exempt_number,
        tax_registration_number as tax_registration_id,
        cast(null as string) as organization_number,
        cast(null as string) as fiscal_code,
        record,
        _source_file as source_file
    from bc_customers
)

select
    customers.erp || ':' || customers.instance || ':' || customers.erp_code || ':'
        || customers.d365_customer_id
        as d365_customer_key,
    customers.erp,
    customers.instance,
    customers.erp_code,
    legal_entities.legal_entity_id,
    customers.d365_customer_id,
    customers.party_number,
    customers.customer_name,
    customers.is_blocked,
    customers.is_one_time_customer,
    customers.country_text,
    countries.country_code,
    customers.postal_code,
    customers.city,
    customers.street,
    customers.email,
    customers.phone,
    customers.tax_exempt_number,
    customers.tax_registration_id,
    customers.organization_number,
    customers.fiscal_code,
    customers.record,
    customers.source_file
from customers
left join legal_entities
    on customers.erp = lower(legal_entities.erp)
    and customers.erp_code = lower(legal_entities.erp_code)
left join countries
    on upper(trim(customers.country_text)) = countries.country_text
