insert into raw_d365_fo.customers by name
select
    case when number % 2 = 0 then 'ustr' else 'catr' end as data_area_id,
    'US-' || number as customer_account,
    'Ana ' || number as organization_name,
    'c' || number || '@buyer' || (number % 5000) || '.test' as primary_contact_email,
    'No' as on_hold_status,
    'US' as address_country_region_iso_code,
    '78751' as address_zip_code,
    json_object(
        'CustomerAccount', 'US-' || number,
        'PrimaryContactEmail', 'c' || number || '@buyer' || (number % 5000) || '.test',
        'TaxExemptNumber', 'US' || (100000000 + number)
    ) as record,
    'bench' as instance
from range(200000) as numbers(number);

insert into raw_load.resource_loads by name
select
    source,
    'bench' as instance,
    resource,
    '1' as load_id,
    now()::timestamp as loaded_at,
    'loaded' as outcome
from (values ('d365_fo', 'customers'), ('shopify', 'orders')) as loads(source, resource)
