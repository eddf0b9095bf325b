-- Grain: one distinct key text of either side and one key value it stands for. Texts that are no
-- key have no row: invalid or placeholder e-mails, tax ids that are too short or one repeated
-- character, values the field map ignores.
with

key_texts as (
    select * from {{ ref('int_key_texts_split') }}
),

encoded_domains as (
    select * from {{ ref('int_email_domains_encoded') }}
),

spelled as (
    select
        key_texts.key_type,
        key_texts.key_text,
        key_texts.country_code,
        case
            when key_texts.key_type = 'tax_id' then
                {{ canonical_tax_id(
                    'key_texts.canonical_text', 'key_texts.country_code',
                    'countries.country_code is not null'
                ) }}
            when key_texts.key_type = 'email' then
                {{ email_key('key_texts.canonical_text', 'encoded_domains') }}
            else key_texts.canonical_text
        end as key_value,
        key_texts.key_type = 'tax_id' and (
            key_texts.country_code is not null
            or countries.country_code is not null
            or left(key_texts.canonical_text, 2) in ('EL', 'XI')
        ) as is_prefixed
    from key_texts
    left join encoded_domains
        on key_texts.email_domain = encoded_domains.email_domain
    left join {{ ref('iso_countries') }} as countries
        on key_texts.key_type = 'tax_id'
        and left(key_texts.canonical_text, 2) = countries.country_code
),

reshaped as (
    select
        key_type,
        key_text,
        country_code,
        key_value,
        case when is_prefixed then substr(key_value, 3) else key_value end as national_number
    from spelled
    where key_value is not null
)

select distinct
    key_type,
    key_text,
    country_code,
    key_value
from reshaped
where (key_type != 'email' or ({{ is_valid_email('key_value') }}))
    and (
        key_type != 'tax_id'
        or (
            length(national_number) >= {{ var('min_tax_id_length') }}
            and replace(national_number, left(national_number, 1), '') != ''
        )
    )
    and not {{ is_ignored_key('reshaped.key_type', 'lower(reshaped.key_value)') }}
