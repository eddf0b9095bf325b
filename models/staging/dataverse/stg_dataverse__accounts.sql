-- Grain: one Dataverse account.
{% set casts = [
    ('customer_type', 'customertypecode', 'customer type'),
    ('is_active', 'statecode', 'record state'),
    ('created_at', 'createdon', 'time or rejected'),
] %}
with

accounts as (
    select * from {{ source('raw_dataverse', 'accounts') }}
)

select
    instance,
    {{ guid('accountid') }} as account_id,
    {{ blank_to_null('name') }} as account_name,
    {{ blank_to_null('accountnumber') }} as account_number,
    {{ typed(casts) }},
    {{ guid('_msdyn_company_value') }} as company_id,
    {{ blank_to_null('msdyn_partynumber') }} as party_number,
    {{ blank_to_null('address1_country') }} as country,
    {{ blank_to_null('address1_postalcode') }} as postal_code,
    record,
    {{ rejected('dataverse', 'accounts', 'accountid', casts) }}
from accounts
