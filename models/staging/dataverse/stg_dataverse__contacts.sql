-- Grain: one Dataverse contact.
with

contacts as (
    select * from {{ source('raw_dataverse', 'contacts') }}
)

select
    instance,
    contactid as contact_id,
    {{ blank_to_null('fullname') }} as contact_name,
    {{ blank_to_null('msdyn_contactpersonid') }} as account_number,
    coalesce({{ to_boolean('msdyn_sellable') }}, false) as is_sellable,
    trim(statecode) = '0' as is_active,
    {{ utc_timestamp('createdon') }} as created_at,
    {{ blank_to_null('_msdyn_company_value') }} as company_id,
    {{ blank_to_null('_parentcustomerid_value') }} as parent_account_id,
    {{ blank_to_null('address1_country') }} as country,
    {{ blank_to_null('address1_postalcode') }} as postal_code,
    record
from contacts
