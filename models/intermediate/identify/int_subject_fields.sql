-- Grain: one key field of one order of the look-back, account or company of one subject; what two
-- of them have comes twice.
-- is_own is false for what may match but connects no subjects: the namespaced id, and what belongs
-- to the buyer's account while the subject is the company.
{{ config(materialized='view') }}
with

orders as (
    select * from {{ ref('int_orders') }}
    where is_store_in_scope and subject_key is not null
),

holders as (
    select order_key as holder_key, subject_key, platform, subject_type, country_code,
        true as is_own
    from orders
    union all
    select distinct account_key, subject_key, platform, subject_type, country_code,
        company_key is null
    from orders where account_key is not null
    union all
    select distinct company_key, subject_key, platform, subject_type, country_code, true
    from orders where company_key is not null
)

select
    holders.subject_key,
    holders.subject_type,
    holders.platform,
    fields.key_type,
    fields.mapped_field,
    fields.field_name,
    coalesce(fields.key_text, fields.canonical_text) as key_text,
    fields.canonical_text,
    fields.country_code,
    -- a company and an account may have the same number: this id matches, it connects no one
    holders.is_own and fields.field_name != 'subject.id' as is_own
from holders
inner join {{ ref('int_key_fields') }} as fields
    on holders.holder_key = fields.holder_key
where (fields.field_name != 'subject.id' or holders.holder_key = holders.subject_key)
    and (
        not fields.is_country_of_order
        or coalesce(holders.country_code, '') = coalesce(fields.country_code, '')
    )
