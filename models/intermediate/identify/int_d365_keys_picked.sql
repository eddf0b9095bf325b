-- Grain: one text that the field map picks as a key of a D365 customer or a Dataverse row (not normalised yet).
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

match_keys as (
    select * from {{ ref('int_match_keys_active') }}
),

holders as (
    select
        d365_customer_key as holder_key,
        erp as d365_system,
        country_code,
        {{ canonical_name('customer_name') }} || '|' || {{ canonical_name('postal_code') }} || '|' || country_code
            as name_address,
        record
    from d365_customers
    union all
    select
        dataverse_key as holder_key,
        'dataverse' as d365_system,
        country_code,
        {{ canonical_name('customer_name') }} || '|' || {{ canonical_name('postal_code') }} || '|' || country_code
            as name_address,
        record
    from dataverse_customers
),

picked as (
    select
        holders.holder_key,
        holders.d365_system,
        match_keys.match_key_id,
        match_keys.key_type,
        case
            when match_keys.d365_field = 'name_address' then holders.name_address
            else {{ json_field('holders.record', 'match_keys.d365_field') }}
        end as key_text,
        holders.country_code
    from holders
    inner join match_keys
        on match_keys.d365_system in ('*', holders.d365_system)
        and match_keys.d365_field != 'CustomerElectronicAddresses.Locator'
    union all
    select
        'fo:' || electronic_addresses.instance || ':' || electronic_addresses.data_area_id
            || ':' || electronic_addresses.customer_account as holder_key,
        'fo' as d365_system,
        match_keys.match_key_id,
        match_keys.key_type,
        electronic_addresses.locator as key_text,
        cast(null as string) as country_code
    from electronic_addresses
    inner join match_keys
        on match_keys.d365_field = 'CustomerElectronicAddresses.Locator'
)

select distinct
    holder_key,
    d365_system,
    match_key_id,
    key_type,
    {{ blank_to_null('key_text') }} as key_text,
    case when key_type = 'tax_id' then country_code end as country_code
from picked
where {{ blank_to_null('key_text') }} is not null
