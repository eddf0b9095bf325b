-- Grain: one distinct text of either side in its canonical form, with its country (tax ids only).
-- spelled_text: as a library spells it (int_key_spellings). key_value is NULL when the text is no
-- key;
-- unusable_because says why.
with

texts as (
    select distinct
        key_type,
        canonical_text,
        country_code
    from {{ ref('int_key_fields') }}
),

spelled as (
    select
        texts.key_type,
        texts.canonical_text,
        texts.country_code,
        case when spellings.canonical_text is not null then spellings.spelled_text
            else texts.canonical_text
        end as spelled_text,
        prefixes.country_code is not null as is_country_prefixed,
        countries.tax_country_code
    from texts
    left join {{ ref('int_key_spellings') }} as spellings
        on texts.key_type = spellings.key_type
        and texts.canonical_text = spellings.canonical_text
        and coalesce(texts.country_code, '') = coalesce(spellings.country_code, '')
    left join {{ ref('iso_countries') }} as prefixes
        on case when texts.key_type = 'tax_id' then left(texts.canonical_text, 2) end
            = prefixes.country_code
    left join {{ ref('iso_countries') }} as countries
        on texts.country_code = countries.country_code
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

-- a row of the company comes before one that is delivered
ignored as (
    select
        valued.key_type,
        valued.key_value,
        bool_or(ignored_keys.match_type = 'allowed') as is_allowed,
        min(ignored_keys.reason) as reason
    from valued
    inner join (
        select key_type, match_type, key_value, 'ignored by the field map' as reason
        from {{ ref('field_map_ignored_keys') }}
        union all
        select key_type, match_type, key_value, reason from {{ ref('placeholder_keys') }}
    ) as ignored_keys
        on {{ ignores_key('valued.key_type', 'lower(valued.key_value)') }}
    group by valued.key_type, valued.key_value
),

judged as (
    select
        faulted.key_type,
        faulted.canonical_text,
        faulted.country_code,
        faulted.spelled_text,
        faulted.key_value,
        case when not coalesce(ignored.is_allowed, false) then coalesce(
            case
                when faulted.canonical_text = '' then 'no letter or digit'
                when {{ names_no_one('faulted.canonical_text') }} then 'no value'
                when {{ is_masked('faulted.canonical_text') }} then 'masked'
            end,
            faulted.fault,
            ignored.reason
        ) end as unusable_because
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
