{# How key values are written, once, the same on both sides (docs/glossary.md: match key). Text in, canonical text or NULL out. #}

{# Trim (also no-break spaces and line ends), lower, without mailto: and angle brackets #}
{% macro canonical_email(column) -%}
    {{ replace_pattern('lower(' ~ column ~ ')', '^mailto:|[[:space:]<>]|' ~ modules.re.sub('x', '', '\u00a0')) }}
{%- endmacro %}

{# The domain of a canonical address; NULL when it has not exactly one @ #}
{% macro email_domain(column) -%}
    case
        when split_part({{ column }}, '@', 3) = '' then nullif(split_part({{ column }}, '@', 2), '')
    end
{%- endmacro %}

{#
    The key of a canonical address: its domain in ASCII, and with var email_gmail_equivalence without dots and
    plus-tags at gmail.com. `encoded` is int_email_domains_encoded, left joined on the domain.
#}
{% macro email_key(column, encoded) -%}
    {%- set spelled -%}
        case
            when {{ encoded }}.email_domain is not null
                then split_part({{ column }}, '@', 1) || '@' || {{ encoded }}.ascii_domain
            else {{ column }}
        end
    {%- endset -%}
    {%- if var('email_gmail_equivalence') -%}
        case
            when split_part({{ spelled }}, '@', 2) in ('gmail.com', 'googlemail.com')
                then replace(split_part(split_part({{ spelled }}, '@', 1), '+', 1), '.', '') || '@gmail.com'
            else {{ spelled }}
        end
    {%- else -%}
        {{ spelled }}
    {%- endif -%}
{%- endmacro %}

{# One @, a local part of the allowed characters, a domain with a dot #}
{% macro is_valid_email(column) -%}
    {{ matches_pattern(
        column,
        '^[^@,;:()<>[:space:]]+@([^@.,;:()<>[:space:]_]+[.])+[^@.,;:()<>[:space:]_0-9][^@.,;:()<>[:space:]_]+$'
    ) }}
    and not {{ matches_pattern(column, '^[.]|[.][.]|[.]@') }}
{%- endmacro %}

{#
    True when the field map lists the value as no key (placeholders, relays, the shop itself).
    Both arguments need their table name: inside, a bare name is a column of the seed.
#}
{% macro is_ignored_key(key_type, column) -%}
    exists (
        select 1 from {{ ref('field_map_ignored_keys') }} as ignored_keys
        where ignored_keys.key_type = {{ key_type }}
            and (
                (ignored_keys.match_type = 'exact' and {{ column }} = lower(ignored_keys.key_value))
                or (ignored_keys.match_type = 'prefix'
                    and left({{ column }}, length(ignored_keys.key_value)) = lower(ignored_keys.key_value))
                or (ignored_keys.match_type = 'local_part'
                    and left({{ column }}, length(ignored_keys.key_value) + 1) = lower(ignored_keys.key_value) || '@')
                or (ignored_keys.match_type = 'domain'
                    and right({{ column }}, length(ignored_keys.key_value) + 1)
                        in ('@' || lower(ignored_keys.key_value), '.' || lower(ignored_keys.key_value)))
            )
    )
{%- endmacro %}

{# VAT and tax numbers: [A-Z0-9], one ISO prefix (EL = GR, XI kept), the country's when the number has none #}
{% macro canonical_tax_id(column, country_code, is_prefixed) -%}
    case
        when left({{ column }}, 2) = 'EL' then 'GR' || substr({{ column }}, 3)
        when left({{ column }}, 2) = 'XI' or {{ is_prefixed }} then {{ column }}
        else coalesce({{ country_code }}, '') || {{ column }}
    end
{%- endmacro %}

{# Names and postal codes for comparison: accents folded, legal forms dropped, letters and digits only; NULL if none is left #}
{% macro canonical_name(column) -%}
    {%- set folded -%}
        {#- most names have no accent: looking is much cheaper than translating -#}
        case when {{ is_ascii(column) }} then lower({{ column }})
            else translate(
                lower({{ column }}),
                'áàâäãåāçčćéèêëēěíìîïīñńňóòôöõøōšśúùûüūýÿžźżł',
                'aaaaaaaccceeeeeeiiiiinnnooooooossuuuuuyyzzzl'
            )
        end
    {%- endset -%}
    {%- set words = "' ' || replace(" ~ replace_pattern(folded, '[^a-z0-9]+', ' ') ~ ", ' ', '  ') || ' '" -%}
    {%- set legal_forms =
        'inc|incorporated|llc|llp|ltd|limited|corp|corporation|co|company|gmbh|ag|kg|sa|sas|sarl|srl|spa|bv|nv|ab|as|oy'
        ~ '|aps|plc|ulc|pty'
    -%}
    nullif(replace({{ replace_pattern(words, ' (' ~ legal_forms ~ ') ', ' ') }}, ' ', ''), '')
{%- endmacro %}

{# Order and document numbers: upper case, without spaces and a leading # #}
{% macro canonical_reference(column) -%}
    nullif({{ replace_pattern('upper(' ~ column ~ ')', '^[[:space:]#]+|[[:space:]]') }}, '')
{%- endmacro %}
