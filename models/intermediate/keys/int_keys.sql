-- Grain: one distinct text of either side in its canonical form, with its country (tax ids only).
-- spelled_text has its e-mail domain in ASCII. key_value is NULL when the text is no key;
-- unusable_because says why.
with

texts as (
    select distinct
        key_type,
        canonical_text,
        country_code
    from {{ ref('int_key_fields') }}
),

-- what a text is joined by is a column: a condition on the left side of a left join is slow
prefixed as (
    select
        *,
        case when key_type = 'email' then {{ email_domain('canonical_text') }} end as email_domain,
        case when key_type = 'tax_id' then left(canonical_text, 2) end as tax_id_prefix
    from texts
),

spelled as (
    select
        prefixed.key_type,
        prefixed.canonical_text,
        prefixed.country_code,
        case
            when domains.email_domain is not null
                then split_part(prefixed.canonical_text, '@', 1) || '@' || domains.ascii_domain
            else prefixed.canonical_text
        end as spelled_text,
        countries.country_code is not null as is_country_prefixed
    from prefixed
    left join {{ ref('int_email_domains') }} as domains
        on prefixed.email_domain = domains.email_domain
    left join {{ ref('iso_countries') }} as countries
        on prefixed.tax_id_prefix = countries.country_code
),

valued as (
    select
        *,
        {{ by_key_type('value') }} as key_value
    from spelled
),

faulted as (
    select
        *,
        {{ by_key_type('fault') }} as fault
    from valued
),

ignored as (
    select distinct
        valued.key_type,
        valued.key_value
    from valued
    inner join {{ ref('field_map_ignored_keys') }} as ignored_keys
        on {{ ignores_key('valued.key_type', 'lower(valued.key_value)') }}
),

judged as (
    select
        faulted.key_type,
        faulted.canonical_text,
        faulted.country_code,
        faulted.spelled_text,
        faulted.key_value,
        coalesce(
            case when faulted.canonical_text = '' then 'no letter or digit' end,
            faulted.fault,
            case when ignored.key_value is not null then 'ignored by the field map' end
        ) as unusable_because
    from faulted
    left join ignored
        on faulted.key_type = ignored.key_type
        and faulted.key_value = ignored.key_value
)

select
    key_type,
    canonical_text,
    country_code,
    spelled_text,
    case when unusable_because is null then key_value end as key_value,
    unusable_because
from judged
