-- Grain: one key value that several subjects share and that may be a placeholder: too many of them,
-- so that it does not merge them, or it merges companies of different names or tax ids.
{% set too_many = 'max(subject_count) > ' ~ var('max_subjects_per_key') %}
with

subject_keys as (
    select * from {{ ref('int_subject_keys') }}
),

tax_ids as (
    select subject_key, min(key_value) as tax_id
    from subject_keys
    where key_type = 'tax_id' and is_headline and is_own
    group by subject_key
),

parties as (
    select
        subject_keys.*,
        {{ canonical_name('customers.company_name') }} as party_name,
        case when subject_keys.key_type != 'tax_id' then tax_ids.tax_id end as tax_id
    from subject_keys
    left join {{ ref('int_customers') }} as customers
        on subject_keys.subject_key = customers.subject_key
        and subject_keys.merges_companies
    left join tax_ids
        on subject_keys.subject_key = tax_ids.subject_key
        and subject_keys.merges_companies
    where subject_keys.subject_count > 1
),

judged as (
    select
        key_type,
        key_value,
        max(subject_count) as subject_count,
        case
            when {{ too_many }} then 'too many subjects'
            when count(distinct party_name) > 1 then 'companies of different names'
            when count(distinct tax_id) > 1 then 'companies of different tax ids'
        end as reason,
        case when not {{ too_many }} then {{ sorted_list('subject_key') }} end as subject_keys
    from parties
    group by key_type, key_value, merges_in
)

select
    cast(key_type as string) as key_type,
    cast(key_value as string) as key_value,
    cast(max(subject_count) as bigint) as subject_count,
    cast(max(reason) as string) as reason,
    cast(max(subject_keys) as string) as subject_keys
from judged
where reason is not null
group by key_type, key_value
