{# How key values are written, once, the same on both sides (docs/glossary.md: match key). Text in, canonical text or NULL out. #}

{# One address: lower, without what people write around it (blanks, quotes, mailto:, SMTP:, a dot at the end) #}
{% macro canonical_email(column) -%}
    {{ replace_pattern(
        'lower(' ~ visible_text(column) ~ ')',
        "^((mailto|smtp|e-?mail):|[[:space:]\"''`<(/]|%20)+|[[:space:]]*[?](subject|body|cc|bcc)=.*$|[[:space:].,;:\"''`>)]+$"
    ) }}
{%- endmacro %}

{#
    The addresses of a text, separated by `;`: of "Jo Buyer" <jo@x.test> what is in the brackets; a slash or blank
    separates only where there are several @, and a hyphen between blanks or a bracket a remark. What is no address stays
    a part, which is then no key. A tag of HTML separates; a link gives its address (<a href="mailto:jo@x.test">, also as
    Access and Markdown write it: Jo#mailto:jo@x.test#, [Jo](mailto:jo@x.test)). A character that HTML writes with a
    semicolon (o&#39;neil) ends no part.
#}
{% macro email_list(column) -%}
    {%- set written = namespace(text=column) -%}
    {%- for entity, sign in [
        ('#39', "chr(39)"), ('#039', "chr(39)"), ('lt', "'<'"), ('gt', "'>'"), ('quot', "'\"'"), ('nbsp', "' '"),
        ('#64', "'@'"), ('amp', "'&'"),
    ] -%}
        {%- set written.text = "replace(" ~ written.text ~ ", '&" ~ entity ~ ";', " ~ sign ~ ")" -%}
    {%- endfor -%}
    {%- set plain = replace_pattern(
        replace_pattern(written.text, '&#?[A-Za-z0-9]+;', ':'),
        "(?i)<a[[:space:]][^<>]*(mailto:[^\"''<>[:space:]]+)[^<>]*>|#(mailto:[^#]*)#?$|\\[[^\\[\\]]*\\]\\((mailto:[^()]*)\\)"
            ~ "|</?(a|p|b|i|u|br|div|span|font|strong|em|td|tr|table|tbody|li|ul|html|body|o:p)([[:space:]/][^<>@]*)?>",
        ';\\1\\2\\3;'
    ) -%}
    {%- set bare = replace_pattern(plain, '("[^"]*"|[^<>,;"])*<|>', ';') -%}
    case
        when not {{ matches_pattern(column, '[,;/|<#([:space:]]') }} then {{ column }}
        when split_part({{ bare }}, '@', 3) != '' then {{ replace_pattern(bare, '[,;/|[:space:]]+', ';') }}
        else {{ replace_pattern(bare, '[,;\n\r]+|[[:space:]]+[-–|][[:space:]]+|[(][^()@]*[)]', ';') }}
    end
{%- endmacro %}

{# The domain of a canonical address; NULL when it has not exactly one @ #}
{% macro email_domain(column) -%}
    case
        when split_part({{ column }}, '@', 3) = '' then nullif(split_part({{ column }}, '@', 2), '')
    end
{%- endmacro %}

{#
    What a key type is, in one place. `canonical`: part_text as it is compared; `value`: the key of spelled_text (the
    canonical text as a library spells it); `fault`: why a value is no key, NULL when it is one; `list`: its parts,
    separated by `;`; `merges`: who is merged by a shared value (companies, persons or 'nobody'). A spreadsheet writes the
    number 1010 as 1010.0.
#}
{% macro key_kinds() -%}
    {{ return([
        {
            'key_type': 'email', 'list': email_list('key_text'), 'merges': "'persons'",
            'canonical': canonical_email('part_text'),
            'value': email_key('spelled_text'),
            'fault': "case when not coalesce((" ~ is_valid_email('key_value') ~ "), false)"
                ~ " then 'no valid e-mail address' when contains(key_value, '@example.') and "
                ~ matches_pattern('key_value', '^[0-9]+@example[.]')
                ~ " then 'fill-in address' end",
        },
        {
            'key_type': 'external_id', 'list': 'key_text', 'merges': "'companies'",
            'canonical': replace_pattern(
                "case when contains(part_text, '.0') and "
                    ~ matches_pattern('part_text', '^[^A-Za-z.:]*[0-9][.]0+[^A-Za-z0-9.]*$')
                    ~ " then split_part(part_text, '.', 1) else lower(part_text) end",
                "^[[:space:]=''\"]+|[[:space:];,''\"]+$"
            ),
            'value': 'spelled_text',
            'fault': 'cast(null as string)',
        },
        {
            'key_type': 'tax_id', 'list': tax_id_list('key_text'), 'merges': "'companies'",
            'canonical': canonical_tax_id('part_text'),
            'value': tax_id_key('spelled_text', 'tax_country_code', 'is_country_prefixed'),
            'fault': tax_id_fault('key_value', 'tax_country_code', 'is_country_prefixed'),
        },
        {
            'key_type': 'name_address', 'list': 'key_text', 'merges': "'nobody'",
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

{#
    The key of a text of int_key_fields, NULL when it is none, for a relation `fields` that joined_keys() joins with the
    texts that are no key or another one (int_keys)
#}
{% macro key_of(fields) -%}
    case when keys.canonical_text is null then {{ fields }}.canonical_text else keys.key_value end
{%- endmacro %}

{% macro joined_keys(fields) -%}
    left join {{ ref('int_keys') }} as keys
        on {{ fields }}.key_type = keys.key_type
        and {{ fields }}.canonical_text = keys.canonical_text
        and coalesce({{ fields }}.country_code, '') = coalesce(keys.country_code, '')
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
    {% for character in '[]{}"' -%}
    not contains({{ column }}, '{{ character }}') and
    {% endfor -%}
    {{ matches_pattern(
        column,
        '^[^@,;:()<>[:space:]]+@([^@.,;:()<>[:space:]_!#$%&*+/=?^|~\\\\]+[.])+'
        ~ '[^@.,;:()<>[:space:]_!#$%&*+/=?^|~\\\\0-9][^@.,;:()<>[:space:]_!#$%&*+/=?^|~\\\\]+$'
    ) }}
    and not (left({{ column }}, 1) = '.' or contains({{ column }}, '..') or contains({{ column }}, '.@'))
{%- endmacro %}

{# What names no party, on both sides: a word for "there is none", an error of a spreadsheet, a boolean #}
{% macro names_no_one(column) -%}
    {{ matches_pattern(column, '(?i)^(0+([.,]0+)?|nan|none|true|false|[(]?null[)]?|#?n/?a|#(ref|value|name|null|num)[!?]|#div/0!|[^a-z0-9]n|-+|[.]+)$') }}
{%- endmacro %}

{#
    Several ERP numbers in one canonical text. A semicolon, comma, &, | or line break separates parts that all have a
    digit; a slash, blank or `and` only numbers that begin with letters (c-100/c-200) or have five digits (10000/20000),
    because one number is also written with them (2024/117, c-100/2). A hyphen never does.
#}
{% macro is_number_list(column) -%}
    {%- set number = '([a-z]+[-_.]?[0-9]+|[0-9]{5,})' -%}
    {{ matches_pattern(
        column,
        '^([^;,&|\n\r]*[0-9][^;,&|\n\r]*[;,&|\n\r]+)+[^;,&|\n\r]*[0-9][^;,&|\n\r]*$'
            ~ '|^(' ~ number ~ '([[:space:]]*/[[:space:]]*|[[:space:]]+((and|und|et|or|oder)[[:space:]]+)?))+' ~ number ~ '$'
    ) }}
{%- endmacro %}

{# The fields of D365 and Dataverse that are the number of a customer, which names it within its legal entity only #}
{% macro account_fields() -%}
    ('customeraccount', 'invoiceaccount', 'number', 'accountnumber', 'msdyn_contactpersonid')
{%- endmacro %}

{# A value that was made unreadable: j***@x.test, j…@x.test, XXXX, ••• #}
{% macro is_masked(column) -%}
    {#- looking for one of them first is much cheaper than the pattern -#}
    (contains({{ column }}, '*') or contains({{ column }}, '•') or contains({{ column }}, '…') or contains({{ column }}, '###')
        or contains(lower({{ column }}), 'xxx'))
    and {{ matches_pattern(column, '(?i)[*•…]|###|(^|[^a-z])xxx+([^a-z]|$)') }}
{%- endmacro %}

{#
    VAT and tax numbers: [A-Z0-9], and what masks them; without the word before (VAT No., USt-IdNr.:), a remark behind
    (EU, a bracket without a digit, a date with its year, words of four letters or more) and a float's .0. A word without a blank (VATDE123456789) goes where no number can
    begin so: before the prefix of a European country, or before digits other than the nine of a Mexican VAT850101AB1.
#}
{% macro canonical_tax_id(column) -%}
    {%- set words = 'VAT|TVA|P(?:ARTITA|[.])? ?IVA|IVA|UST|UID|BTW|MWST|N[.]?I[.]?F|C[.]?I[.]?F|NIP|ABN|GST(?:IN)?|EIN|TIN|TAX'
        ~ '|CNPJ|CUIT|CVR|ORG|KVK|SIRET|SIREN' -%}
    {%- set prefixes = 'AT|B[EG]|C[HYZ]|D[EK]|E[ELS]|F[IR]|G[BR]|H[RU]|I[ET]|L[TUV]|MT|NL|P[LT]|RO|S[EIK]|XI' -%}
    {%- set more = 'ID|IDNR|NR|NUMBER|REG|INTRACOMMUNAUTAIRE' -%}
    {%- set remark = '[[:space:],;-]+(?:[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}'
        ~ '|(?:\\p{L}{2,}[[:space:],;-]+)*\\p{L}{4,})' -%}
    {#- letters that mask a part stay a mask when the blank after them is gone: XXXX US1234 -#}
    {%- set masked = "case when contains(upper(" ~ column ~ "), 'XXX') then "
        ~ replace_pattern('upper(' ~ column ~ ')', '(^|[^A-Z0-9])XXX+[^A-Z0-9]', '*')
        ~ " else upper(" ~ column ~ ") end" -%}
    {%- set word = '^[^A-Z0-9]*(?:' ~ words ~ ')(?:[ .-]*(?:' -%}
    {%- set unglued = replace_pattern(
        masked,
        word ~ more ~ '|NO))*[ .:#-]*((?:NO[0-9]|(?:' ~ prefixes ~ ')[^A-Z0-9]*[A-Z0-9]{0,2})'
            ~ '(?:[^A-Z0-9]*[0-9]){5}.*)$|'
            ~ word ~ more ~ '))*((?:[0-9][ .-]*){7,8}|(?:[0-9][ .-]*){10,})$',
        '\\1\\2'
    ) -%}
    {{ replace_pattern(
        unglued,
        '^[^A-Z0-9]*(' ~ words ~ '|C[.]?F)([ .-]*(' ~ more ~ '|NO))*[ .:#-]+|[.]0$'
            ~ '|([^A-Z0-9]+(EU|' ~ words ~ '|C[.]?F)|' ~ remark ~ '|[(][^0-9)]*[)])+[^A-Z0-9*•]*$|[^A-Z0-9*•]'
    ) }}
{%- endmacro %}

{#
    The tax ids of a text, separated by `;`: a slash, comma or & separates only where each part begins with a letter and
    has five digits (DE123456789 / ATU12345678), because one number may be written with slashes (DE 136/695/976); a blank
    where each is one word of this kind.
#}
{% macro tax_id_list(column) -%}
    {%- set number = "[[:space:]]*[A-Z][A-Z0-9 .:-]*([0-9][ .-]*){5}[A-Z0-9 .-]*" -%}
    case
        when contains({{ column }}, ' ') and {{ matches_pattern(column, '(?i)^([A-Z]{2,3}[0-9]{5,}[A-Z0-9]* )+[A-Z]{2,3}[0-9]{5,}[A-Z0-9]*$') }}
            then replace({{ column }}, ' ', ';')
        when not {{ matches_pattern(column, '[/,;|&\n\r]') }} then {{ column }}
        when {{ matches_pattern(column, '(?i)^(' ~ number ~ '[/,;|&\n\r]+)+' ~ number ~ '$') }}
            then {{ replace_pattern(column, '[/,;|&\n\r]+', ';') }}
        else {{ replace_pattern(column, '[;|\n\r]+', ';') }}
    end
{%- endmacro %}

{# One ISO prefix (EL = GR, UK = GB, XI kept), the country's when the number has none #}
{% macro tax_id_key(column, country_code, is_country_prefixed) -%}
    case
        when left({{ column }}, 2) = 'EL' then 'GR' || substr({{ column }}, 3)
        when {{ matches_pattern(column, '^UK([0-9]{9}|[0-9]{12})$') }} then 'GB' || substr({{ column }}, 3)
        when left({{ column }}, 2) = 'XI' or {{ is_country_prefixed }} then {{ column }}
        else coalesce({{ country_code }}, '') || {{ column }}
    end
{%- endmacro %}

{# Without a digit, too short, or one repeated character, after the prefix #}
{% macro tax_id_fault(column, country_code, is_country_prefixed) -%}
    {%- set number -%}
        case
            when {{ country_code }} is not null or {{ is_country_prefixed }} or left({{ column }}, 2) in ('GR', 'XI')
                then substr({{ column }}, 3)
            else {{ column }}
        end
    {%- endset -%}
    case
        when not {{ matches_pattern(column, '[0-9]') }} then 'no digit'
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
    {#- most names have no legal form, and postal codes none -#}
    case
        when {{ matches_pattern(folded, '(^|[^a-z0-9])(' ~ legal_forms ~ ')([^a-z0-9]|$)') }}
            then nullif(replace({{ replace_pattern(words, ' (' ~ legal_forms ~ ') ', ' ') }}, ' ', ''), '')
        else nullif({{ replace_pattern(folded, '[^a-z0-9]+') }}, '')
    end
{%- endmacro %}

{#
    Without characters that no one sees (Unicode Cf, NUL), with plain blanks, quotes and hyphens, full-width letters and
    digits as ASCII, composed (NFC); most texts are ASCII
#}
{% macro visible_text(column) -%}
    case when {{ is_ascii(column) }} and not contains({{ column }}, chr(0)) then {{ column }}
        else translate(
            {{ composed_text(column) }},
            '‐‑‒–—−“”‘’＠．＋＿－０１２３４５６７８９'
            || 'ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ',
            '------""' || chr(39) || chr(39) || '@.+_-0123456789'
            || 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
        )
    end
{%- endmacro %}

{# Order and document numbers: upper case, without spaces, # (SHP-#1001), a spreadsheet's ' and the .0 of a data frame #}
{% macro canonical_reference(column) -%}
    nullif({{ replace_pattern('upper(' ~ visible_text(column) ~ ')', "[[:space:]#'']|[.]0+[[:space:]]*$") }}, '')
{%- endmacro %}

{# A customer or invoice number for comparison: an ERP ignores its case #}
{% macro canonical_account(column) -%}
    lower(trim({{ visible_text(column) }}))
{%- endmacro %}

{# A party of F&O; a spreadsheet drops leading zeros #}
{% macro canonical_party_number(column) -%}
    nullif(ltrim(upper({{ column }}), '0'), '')
{%- endmacro %}

{# An account of a relation that has d365_customer_id, in the customer master of alias legal_entities #}
{% macro account_key(relation) -%}
    legal_entities.customer_master_legal_entity_id || '|' || {{ canonical_account(relation ~ '.d365_customer_id') }}
{%- endmacro %}
