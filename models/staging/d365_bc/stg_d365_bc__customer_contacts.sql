-- Grain: one contact of one customer of one Business Central company (instance).
with

customers as (
    select
        instance,
        {{ guid('id') }} as customer_system_id,
        {{ blank_to_null('number') }} as customer_number,
        {{ json_elements('contacts_information') }} as contact
    from {{ source('raw_d365_bc', 'customer_contacts') }}
)

select distinct
    instance,
    customer_system_id,
    customer_number,
    {{ guid(json_text('contact', 'contactId')) }} as contact_id,
    {{ blank_to_null(json_text('contact', 'contact.email')) }} as email
from customers
