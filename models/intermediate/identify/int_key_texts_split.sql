-- Grain: one distinct key text of either side; an e-mail list gives one row per address.
-- canonical_text is trimmed, in the case and alphabet of its key type, and still has its
-- internationalised domain.
with

subject_keys as (
    select * from {{ ref('int_subject_keys_picked') }}
),

d365_keys as (
    select * from {{ ref('int_d365_keys_picked') }}
),

key_texts as (
    select key_type, key_text, country_code from subject_keys
    union
    select key_type, key_text, country_code from d365_keys
),

split as (
    select
        key_type,
        key_text,
        country_code,
        {{ split_rows('key_text', ';') }} as part_text
    from key_texts
    where key_type = 'email'
    union all
    select
        key_type,
        key_text,
        country_code,
        key_text as part_text
    from key_texts
    where key_type != 'email'
),

canonical as (
    select distinct
        key_type,
        key_text,
        country_code,
        case key_type
            when 'email' then {{ canonical_email('part_text') }}
            when 'tax_id' then {{ replace_pattern('upper(part_text)', '[^A-Z0-9]') }}
            when 'external_id' then lower(trim(part_text))
            else part_text
        end as canonical_text
    from split
)

select
    key_type,
    key_text,
    country_code,
    canonical_text,
    case when key_type = 'email' then {{ email_domain('canonical_text') }} end as email_domain
from canonical
where canonical_text != ''
