-- Grain: one key field of one subject: from its orders of the look-back, its account and its
-- company. is_own is false for what may match but connects no subjects: the namespaced id, and what
-- belongs to the buyer's account while the subject is the company.
with

orders as (
    select * from {{ ref('int_orders_valued') }}
    where is_store_in_scope and subject_key is not null
),

fields as (
    select * from {{ ref('int_fields_unioned') }}
),

countries as (
    select * from {{ ref('int_country_codes_listed') }}
),

entities as (
    select order_key as entity_key, subject_key, country_code, true as is_own from orders
    union
    select account_key as entity_key, subject_key, country_code, company_key is null as is_own
    from orders where account_key is not null
    union
    select company_key as entity_key, subject_key, country_code, true as is_own
    from orders where company_key is not null
),

subject_fields as (
    select distinct
        entities.subject_key,
        fields.platform,
        fields.field_name,
        fields.any_field_name,
        fields.field_value,
        coalesce(countries.country_code, entities.country_code) as country_code,
        entities.is_own
    from entities
    inner join fields
        on entities.entity_key = fields.entity_key
    left join countries
        on upper(trim(fields.country_text)) = countries.country_text
),

computed as (
    select distinct
        subject_key,
        platform,
        'subject.id' as field_name,
        case
            when company_key is not null then replace(company_key, ':company:', ':')
            else replace(account_key, ':account:', ':')
        end as field_value,
        country_code,
        -- a company and an account may have the same number: this id is a match key, it connects
        -- nobody
        false as is_own
    from orders
    where subject_type in ('company', 'account')
    union
    select
        subject_key,
        platform,
        'subject.name_address' as field_name,
        {{ canonical_name('company_name') }} || '|' || {{ canonical_name('postal_code') }} || '|'
            || country_code
            as field_value,
        country_code,
        true as is_own
    from orders
    where company_name is not null
    union
    select
        subject_key,
        platform,
        'subject.name_address' as field_name,
        {{ canonical_name('person_name') }} || '|' || {{ canonical_name('postal_code') }} || '|'
            || country_code
            as field_value,
        country_code,
        true as is_own
    from orders
    where person_name is not null
)

select subject_key, platform, field_name, any_field_name, field_value, country_code, is_own
from subject_fields
union all
select
    subject_key,
    platform,
    field_name,
    field_name as any_field_name,
    field_value,
    country_code,
    is_own
from computed
where field_value is not null
