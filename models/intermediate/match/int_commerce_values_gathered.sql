-- Grain: one distinct text that may be a name, e-mail, tax id or phone number of an absent
-- customer, as written. Also of fields whose key row is switched off.
with

absent_customers as (
    select * from {{ ref('int_absent_customers_listed') }}
),

subjects as (
    select
        customers.customer_id,
        subjects.subject_key,
        subjects.company_name,
        subjects.phone,
        case when subjects.subject_type != 'company' then subjects.person_name end as person_name
    from {{ ref('int_subjects_listed') }} as subjects
    inner join {{ ref('int_customers_identified') }} as customers
        on subjects.subject_key = customers.subject_key
    inner join absent_customers
        on customers.customer_id = absent_customers.customer_id
),

subject_fields as (
    select * from {{ ref('int_subject_fields_gathered') }}
    where any_field_name in ('*.email', '*.tax_id')
),

gathered as (
    select
        'commerce' as side,
        customer_id as holder_key,
        'name' as value_type,
        company_name as value_text
    from subjects
    union all
    select 'commerce', customer_id, 'name', person_name from subjects
    union all
    select 'commerce', customer_id, 'phone', phone from subjects
    union all
    select
        'commerce',
        subjects.customer_id,
        substr(subject_fields.any_field_name, 3),
        subject_fields.field_value
    from subjects
    inner join subject_fields
        on subjects.subject_key = subject_fields.subject_key
)

select distinct
    side,
    holder_key,
    value_type,
    value_text
from gathered
where {{ blank_to_null('value_text') }} is not null
