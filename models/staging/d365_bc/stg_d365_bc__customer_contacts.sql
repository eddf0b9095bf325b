-- Grain: one contact of one customer of one Business Central company (instance); one without an id
-- is none.
with

customers as (
    select
        instance,
        {{ guid('id') }} as customer_system_id,
        {{ blank_to_null('number') }} as customer_number,
        {{ json_elements('contacts_information') }} as contact
    from {{ source('raw_d365_bc', 'customer_contacts') }}
),

contacts as (
    select distinct
        instance,
        customer_system_id,
        customer_number,
        {{ guid(json_text('contact', 'contactId')) }} as contact_id,
        {{ blank_to_null(json_text('contact', 'contact.email')) }} as email
    from customers
)

select * from contacts
where contact_id is not null
