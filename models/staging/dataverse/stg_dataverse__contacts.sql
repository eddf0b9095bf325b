-- Grain: one Dataverse contact.
{% set casts = [
    ('is_active', 'statecode', 'record state'),
    ('created_at', 'createdon', 'time or rejected'),
    ('is_sellable', 'msdyn_sellable', 'boolean or false'),
] %}
with

contacts as (
    select * from {{ source('raw_dataverse', 'contacts') }}
)

select
    instance,
    {{ guid('contactid') }} as contact_id,
    {{ blank_to_null('fullname') }} as contact_name,
    {{ blank_to_null('msdyn_contactpersonid') }} as account_number,
    {{ typed(casts) }},
    {{ guid('_msdyn_company_value') }} as company_id,
    {{ guid('_parentcustomerid_value') }} as parent_account_id,
    {{ blank_to_null('address1_country') }} as country,
    {{ blank_to_null('address1_postalcode') }} as postal_code,
    record,
    {{ rejected('dataverse', 'contacts', 'contactid', casts) }}
from contacts
