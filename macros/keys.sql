{# How key values are written, once, the same on both sides (docs/glossary.md: match key). Text in, canonical text or NULL out. #}

{# Trim (also no-break spaces and line ends), lower, without mailto: and angle brackets #}
{% macro canonical_email(column) -%}
    {{ replace_pattern('lower(' ~ column ~ ')', '^mailto:|[[:space:]<>]|' ~ modules.re.sub('x', '', '\u00a0')) }}
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

{# Names and streets for comparison: accents folded, legal form dropped, letters and digits only #}
{% macro canonical_name(column) -%}
    {{ replace_pattern(
        replace_pattern(
            "' ' || " ~ replace_pattern(
                "translate(lower(" ~ column ~ "), 'áàâäãåāçčćéèêëēěíìîïīñńňóòôöõøōšśúùûüūýÿžźżł', 'aaaaaaaccceeeeeeiiiiinnnooooooossuuuuuyyzzzl')",
                '[^a-z0-9]+', ' '
            ) ~ " || ' '",
            ' (inc|incorporated|llc|llp|ltd|limited|corp|corporation|co|company|gmbh|ag|kg|sa|sas|sarl|srl|spa|bv|nv|ab|as|oy|aps|plc|ulc|pty) ', ' '
        ),
        ' ', ''
    ) }}
{%- endmacro %}

{# Order and document numbers: upper case, without spaces and a leading # #}
{% macro canonical_reference(column) -%}
    nullif({{ replace_pattern('upper(' ~ column ~ ')', '^[[:space:]#]+|[[:space:]]') }}, '')
{%- endmacro %}
