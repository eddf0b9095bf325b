-- Grain: one distinct text of either side in its canonical form, with its country (tax ids only).
-- spelled_text: as a library spells it (int_key_spellings). key_value is NULL when the text is no
-- key;
-- unusable_because says why.
{# what a rule of each match type is compared with; a domain has its own join #}
{% set compared_values = [
    ('exact', 'compared.compared_value'),
    ('allowed', 'compared.compared_value'),
    ('number', 'substr(compared.compared_value, 3)'),
    ('prefix', 'left(compared.compared_value, length(rules.rule_value))'),
    ('local_part', "case when compared.domain is not null"
        ~ " then split_part(compared.compared_value, '@', 1) end"),
] %}
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

rules as (
    select key_type, match_type, lower(key_value) as rule_value, reason
    from (
        select key_type, match_type, key_value, 'ignored by the field map' as reason
        from {{ ref('field_map_ignored_keys') }}
        union all
        select key_type, match_type, key_value, reason from {{ ref('placeholder_keys') }}
    ) as listed
),

compared as (
    select key_type, key_value, lower(key_value) as compared_value,
        {{ email_domain('lower(key_value)') }} as domain
    from valued
),

ignored_domains as (
    select domains.key_type, domains.domain, rules.reason
    from (select distinct key_type, domain from compared) as domains
    inner join rules
        on rules.match_type = 'domain'
        and domains.key_type = rules.key_type
        and right('.' || domains.domain, length(rules.rule_value) + 1) = '.' || rules.rule_value
),

-- every kind of rule is looked up by a value of its own: no rule is compared with every key
ruled as (
    select compared.key_type, compared.key_value, 'domain' as match_type, ignored_domains.reason
    from compared
    inner join ignored_domains
        on compared.key_type = ignored_domains.key_type
        and compared.domain = ignored_domains.domain
    {% for match_type, own_value in compared_values %}
    union all
    select compared.key_type, compared.key_value, rules.match_type, rules.reason
    from compared
    inner join rules
        on rules.match_type = '{{ match_type }}'
        and compared.key_type = rules.key_type
        and {{ own_value }} = rules.rule_value
    {% endfor %}
),

-- a row of the company comes before one that is delivered
ignored as (
    select key_type, key_value, bool_or(match_type = 'allowed') as is_allowed,
        min(reason) as reason
    from ruled
    group by key_type, key_value
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
