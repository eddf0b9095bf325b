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
    What a key type is, in one place. `canonical`: part_text as it is compared; `value`: the key of spelled_text (the
    canonical text with its domain in ASCII); `fault`: why a value is no key, NULL when it is one; `is_list`: split at
    `;`; `merges`: who is merged by a shared value (companies, persons or 'nobody').
#}
{% macro key_kinds() -%}
    {{ return([
        {
            'key_type': 'email', 'is_list': true, 'merges': "'persons'",
            'canonical': canonical_email('part_text'),
            'value': email_key('spelled_text'),
            'fault': "case when not coalesce((" ~ is_valid_email('key_value') ~ "), false)"
                ~ " then 'no valid e-mail address' end",
        },
        {
            'key_type': 'external_id', 'is_list': false, 'merges': "'companies'",
            'canonical': 'lower(trim(part_text))',
            'value': 'spelled_text',
            'fault': 'cast(null as string)',
        },
        {
            'key_type': 'tax_id', 'is_list': false, 'merges': "'companies'",
            'canonical': canonical_tax_id('part_text'),
            'value': tax_id_key('spelled_text', 'country_code', 'is_country_prefixed'),
            'fault': tax_id_fault('key_value', 'country_code', 'is_country_prefixed'),
        },
        {
            'key_type': 'name_address', 'is_list': false, 'merges': "'nobody'",
            'canonical': 'part_text',
            'value': 'spelled_text',
            'fault': 'cast(null as string)',
        },
    ]) }}
{%- endmacro %}

{# The entry of every key type, by key_type: case … end #}
{% macro by_key_type(entry) -%}
    case key_type
        {%- for kind in key_kinds() %}
        when '{{ kind.key_type }}' then {{ kind[entry] }}
        {%- endfor %}
    end
{%- endmacro %}

{# True for a text of more than one key #}
{% macro is_key_list(key_type, column) -%}
    {{ key_type }} in ('{{ key_kinds() | selectattr('is_list') | map(attribute='key_type') | join("', '") }}')
    and contains({{ column }}, ';')
{%- endmacro %}

{# The key of an address: with var email_gmail_equivalence without dots and plus-tags at gmail.com #}
{% macro email_key(column) -%}
    {%- if var('email_gmail_equivalence') -%}
        case
            when split_part({{ column }}, '@', 2) in ('gmail.com', 'googlemail.com')
                then replace(split_part(split_part({{ column }}, '@', 1), '+', 1), '.', '') || '@gmail.com'
            else {{ column }}
        end
    {%- else -%}
        {{ column }}
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

{# True when a row of field_map_ignored_keys (alias ignored_keys) ignores the value #}
{% macro ignores_key(key_type, column) -%}
    ignored_keys.key_type = {{ key_type }}
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
{%- endmacro %}

{# VAT and tax numbers: [A-Z0-9] #}
{% macro canonical_tax_id(column) -%}
    {{ replace_pattern('upper(' ~ column ~ ')', '[^A-Z0-9]') }}
{%- endmacro %}

{# One ISO prefix (EL = GR, XI kept), the country's when the number has none #}
{% macro tax_id_key(column, country_code, is_country_prefixed) -%}
    case
        when left({{ column }}, 2) = 'EL' then 'GR' || substr({{ column }}, 3)
        when left({{ column }}, 2) = 'XI' or {{ is_country_prefixed }} then {{ column }}
        else coalesce({{ country_code }}, '') || {{ column }}
    end
{%- endmacro %}

{# Too short, or one repeated character, after the prefix #}
{% macro tax_id_fault(column, country_code, is_country_prefixed) -%}
    {%- set number -%}
        case
            when {{ country_code }} is not null or {{ is_country_prefixed }} or left({{ column }}, 2) in ('GR', 'XI')
                then substr({{ column }}, 3)
            else {{ column }}
        end
    {%- endset -%}
    case
        when length({{ number }}) < {{ var('min_tax_id_length') }}
            then 'shorter than {{ var("min_tax_id_length") }} characters'
        when replace({{ number }}, left({{ number }}, 1), '') = '' then 'one repeated character'
    end
{%- endmacro %}

{# A name and address as one text; NULL when one of them is missing #}
{% macro name_address(name, postal_code, country_code) -%}
    {{ canonical_name(name) }} || '|' || {{ canonical_name(postal_code) }} || '|' || {{ country_code }}
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
