-- Grain: one commerce customer with a tax id field: the tax id D365 should hold, and its text as it
-- was written. A valid number before one without a known rule before a wrong one; tax_id NULL when
-- the text is no tax id at all.
with

customers as (
    select * from {{ ref('int_customers_identified') }}
),

fields as (
    select * from {{ ref('int_subject_fields_gathered') }}
    where any_field_name = '*.tax_id'
),

keys as (
    select * from {{ ref('int_keys_normalised') }}
    where key_type = 'tax_id'
),

validated as (
    select * from {{ ref('int_tax_ids_validated') }}
),

-- without an active tax id row in the field map no text is judged
judging as (
    select count(*) > 0 as has_tax_id_keys
    from {{ ref('int_match_keys_active') }}
    where key_type = 'tax_id'
),

judged as (
    select
        customers.customer_id,
        fields.field_value as tax_id_text,
        fields.is_own,
        {{ replace_pattern('upper(fields.field_value)', '[^A-Z0-9]') }} as tax_id,
        keys.key_value is not null or not judging.has_tax_id_keys as is_usable,
        validated.is_tax_id_valid
    from customers
    inner join fields
        on customers.subject_key = fields.subject_key
    cross join judging
    left join keys
        on fields.field_value = keys.key_text
        and coalesce(fields.country_code, '') = coalesce(keys.country_code, '')
    left join validated
        on keys.key_value = validated.tax_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id
            order by
                is_usable desc,
                case is_tax_id_valid when true then 1 when false then 3 else 2 end asc,
                is_own desc,
                tax_id_text asc
        ) as tax_id_rank
    from judged
)

select
    customer_id,
    case when is_usable then tax_id end as tax_id,
    tax_id_text,
    is_tax_id_valid
from ranked
where tax_id_rank = 1
