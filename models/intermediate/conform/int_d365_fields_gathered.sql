-- Grain: one field of one D365 customer or Dataverse row (holder) that some active row of the field
-- map names.
with

d365_customers as (
    select * from {{ ref('int_d365_customers_unioned') }}
),

dataverse_customers as (
    select * from {{ ref('int_dataverse_customers_unioned') }}
),

electronic_addresses as (
    select * from {{ ref('stg_d365_fo__customer_electronic_addresses') }}
    where locator is not null
),

wanted_fields as (
    select distinct
        d365_system,
        d365_field
    from {{ ref('int_match_keys_active') }}
),

holders as (
    select
        d365_customer_key as holder_key,
        erp as d365_system,
        customer_name,
        postal_code,
        country_code,
        record
    from d365_customers
    union all
    select
        dataverse_key as holder_key,
        'dataverse' as d365_system,
        customer_name,
        postal_code,
        country_code,
        record
    from dataverse_customers
),

read_fields as (
    select
        holders.holder_key,
        holders.d365_system,
        wanted_fields.d365_field,
        {{ json_field('holders.record', 'wanted_fields.d365_field') }} as field_value,
        holders.country_code
    from holders
    inner join wanted_fields
        on holders.d365_system = wanted_fields.d365_system
        and wanted_fields.d365_field not in ('name_address', 'CustomerElectronicAddresses.Locator')
    union all
    select
        holders.holder_key,
        holders.d365_system,
        wanted_fields.d365_field,
        {{ canonical_name('holders.customer_name') }} || '|'
            || {{ canonical_name('holders.postal_code') }} || '|' || holders.country_code
            as field_value,
        holders.country_code
    from holders
    inner join wanted_fields
        on holders.d365_system = wanted_fields.d365_system
        and wanted_fields.d365_field = 'name_address'
    union all
    select
        'fo:' || instance || ':' || data_area_id || ':' || customer_account as holder_key,
        'fo' as d365_system,
        'CustomerElectronicAddresses.Locator' as d365_field,
        locator as field_value,
        cast(null as string) as country_code
    from electronic_addresses
)

select
    holder_key,
    d365_system,
    d365_field,
    {{ blank_to_null('field_value') }} as field_value,
    country_code
from read_fields
where {{ blank_to_null('field_value') }} is not null
