-- Grain: one distinct text of either side, in its canonical form and with its country (tax ids
-- only), that is no key, or whose key is written otherwise; every other text is its own key (macro
-- key_of). spelled_text: as a library spells it (int_key_spellings). key_value is NULL when the
-- text is no key; unusable_because says why.
{# what a rule of each match type is compared with; a domain has its own join #}
{% set compared_values = [
    ('exact', 'judged.compared_value'),
    ('allowed', 'judged.compared_value'),
    ('number', 'substr(judged.compared_value, 3)'),
    ('prefix', 'left(judged.compared_value, length(prefix_rules.rule_value))'),
    ('local_part', "case when judged.domain is not null"
        ~ " then split_part(judged.compared_value, '@', 1) end"),
] %}
with

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
    from {{ ref('int_key_fields') }} as texts
    left join {{ ref('int_key_spellings') }} as spellings
        on texts.key_type = spellings.key_type
        and texts.canonical_text = spellings.canonical_text
        and coalesce(texts.country_code, '') = coalesce(spellings.country_code, '')
    left join {{ ref('iso_countries') }} as prefixes
        on case
            when texts.key_type = 'tax_id'
                then left(coalesce(spellings.spelled_text, texts.canonical_text), 2)
        end = prefixes.country_code
    left join {{ ref('iso_countries') }} as countries
        on texts.country_code = countries.country_code
),

valued as (
    select
        *,
        {{ by_key_type('value') }} as key_value
    from spelled
),

judged as (
    select
        *,
        lower(key_value) as compared_value,
        case when key_type = 'email' then {{ email_domain('lower(key_value)') }} end as domain,
        coalesce(
            case
                when canonical_text = '' then 'no letter or digit'
                when {{ names_no_one('canonical_text') }} then 'no value'
                when left(canonical_text, 1) in ('[', '{') then 'not a text'
                when {{ is_masked('canonical_text') }} then 'masked'
            end,
            {{ by_key_type('fault') }}
        ) as fault
    from valued
),

rules as (
    select
        key_type,
        match_type,
        case key_type
            when 'email' then {{ replace_pattern('lower(trim(key_value))', '^[*]?@') }}
            when 'tax_id'
                then lower({{ tax_id_key(canonical_tax_id('key_value'), "''", 'true') }})
            else lower(trim(key_value))
        end as rule_value,
        min(reason) as reason
    from (
        -- the blank: a row of the company comes before one that is delivered
        select key_type, match_type, key_value, ' ignored by the field map' as reason
        from {{ ref('field_map_ignored_keys') }}
        union all
        select key_type, match_type, key_value, reason from {{ ref('placeholder_keys') }}
    ) as listed
    group by key_type, match_type, rule_value
),

-- a text that reads as several numbers is one where an account is called so, or both sides have it
number_lists as (
    select canonical_text
    from {{ ref('int_key_fields') }}
    where key_type = 'external_id' and {{ is_number_list('canonical_text') }}
    group by canonical_text
    having count(case when lower(mapped_field) in {{ account_fields() }} then system end) = 0
        and count(system) in (0, count(*))
),

domains as (
    select distinct {{ email_domain(email_key('texts.canonical_text')) }} as domain
    from (
        select canonical_text from {{ ref('int_key_fields') }} where key_type = 'email'
        union all
        select spelled_text from {{ ref('int_key_spellings') }} where key_type = 'email'
    ) as texts
),

domain_rules as (
    select domains.domain, min(rules.reason) as reason
    from domains
    inner join rules
        on rules.match_type = 'domain'
        and rules.key_type = 'email'
        and right('.' || domains.domain, length(rules.rule_value) + 1) = '.' || rules.rule_value
    group by domains.domain
),

-- every kind of rule is looked up by a value of its own: no rule is compared with every key
ruled as (
    select
        judged.*,
        -- a row of the company allows what is delivered as a placeholder, not what is no value
        case when allowed_rules.rule_value is null then least(
            {% for match_type, _ in compared_values if match_type != 'allowed' %}
            {{ match_type }}_rules.reason,
            {% endfor %}
            domain_rules.reason,
            case when number_lists.canonical_text is not null then 'several values' end
        ) end as reason
    from judged
    {% for match_type, own_value in compared_values %}
    left join rules as {{ match_type }}_rules
        on {{ match_type }}_rules.match_type = '{{ match_type }}'
        and judged.key_type = {{ match_type }}_rules.key_type
        and {{ own_value }} = {{ match_type }}_rules.rule_value
    {% endfor %}
    left join domain_rules
        on judged.domain = domain_rules.domain
    left join number_lists
        on judged.key_type = 'external_id' and judged.canonical_text = number_lists.canonical_text
)

select
    key_type,
    canonical_text,
    country_code,
    spelled_text,
    case when coalesce(fault, min(reason)) is null then key_value end as key_value,
    coalesce(fault, trim(min(reason))) as unusable_because
from ruled
where coalesce(fault, reason) is not null
    or key_value is distinct from canonical_text
    or spelled_text is distinct from canonical_text
group by key_type, canonical_text, country_code, spelled_text, key_value, fault
