-- Grain: one field of one D365 customer record to be created. field_name `template.x` is given by
-- the template row.
with

records as (
    select * from {{ ref('onboarding_customer_records') }}
),

fields as (
    select worklist_key, 'name' as field_name, customer_name as field_value,
        cast(null as string) as field_text, false as is_wrong
    from records
    where party_type = 'Organization' or erp != 'fo'
    union all
    select worklist_key, 'first_name', person_first_name, null, false
    from records
    where party_type = 'Person' and erp = 'fo'
    union all
    select worklist_key, 'last_name', person_last_name, null, false from records
    where party_type = 'Person' and erp = 'fo'
    union all
    select worklist_key, 'email', email, email_text, false from records
    union all
    select worklist_key, 'country', country_code, country_text, false from records
    union all
    select worklist_key, 'street', street, null, false from records
    union all
    select worklist_key, 'city', city, null, false from records
    union all
    select worklist_key, 'postal_code', postal_code, null, false from records
    union all
    select worklist_key, 'tax_id', tax_id, tax_id_text, coalesce(not is_tax_id_valid, false)
    from records
    union all
    select worklist_key, 'external_id', external_id, null, false from records
    union all
    select worklist_key, 'legal_entity', expected_legal_entity_id, null, false from records
    union all
    select worklist_key, 'template.account_number', account_number, null, false from records
    where has_template
    union all
    select worklist_key, 'template.customer_group', customer_group_id, null, false from records
    where has_template
    union all
    select worklist_key, 'template.currency', currency_code, null, false from records
    where has_template
    union all
    select worklist_key, 'template.payment_terms', payment_terms_id, null, false from records
    where has_template
    union all
    select worklist_key, 'template.language', language_id, null, false from records
    where has_template
)

select
    fields.worklist_key,
    cast(fields.field_name as string) as field_name,
    cast(fields.field_value as string) as field_value,
    cast(fields.field_text as string) as field_text,
    fields.is_wrong
from fields
