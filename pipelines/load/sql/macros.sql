-- ISO 8601 in its other spellings (20260412T100000Z, t and z, seconds with a comma, [Europe/Berlin] behind an offset) as
-- the cast reads it; as macro utc_timestamp of dbt
create or replace temp macro iso_time(text) as try_cast(regexp_replace(
    regexp_replace(upper(trim(text)), '^([0-9-]+[T ][0-9]{2}:[0-9]{2})( ?(?:Z|[+-][0-9:]+))$', '\1:00\2'),
    '^([0-9]{4})-?([0-9]{2})-?([0-9]{2})[T ]([0-9]{2}):?([0-9]{2}):?([0-9]{2})(?:[.,]([0-9]+))?'
        || '(?: ?(Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)(?: [A-Z]{3,5})?(?:\[[^]]*\])?)?$',
    '\1-\2-\3 \4:\5:\6.\7' || '0\8'
) as timestamptz) at time zone 'UTC';

-- ISO 8601 (without a zone: UTC), RFC 2822, unix seconds, milli-, micro- or nanoseconds → TIMESTAMP in UTC
create or replace temp macro parse_time(text) as case
    when text like '____-__-%'
        then coalesce(try_cast(text as timestamptz) at time zone 'UTC', iso_time(text))
    when regexp_full_match(text, '[0-9]{9,10}([.][0-9]+)?|[0-9]{12,13}([.]0+)?|[0-9]{16}|[0-9]{19}')
        then make_timestamp((text::decimal(38, 9) * case length(split_part(text, '.', 1))
            when 9 then 1000000 when 10 then 1000000 when 16 then 1 when 19 then 0.001 else 1000
        end)::bigint)
    when regexp_matches(text, '^[0-9]{8}[Tt ]') then iso_time(text)
    else try_strptime(replace(text, ' GMT', ' +0000'), '%a, %d %b %Y %H:%M:%S %z')
        at time zone 'UTC'
end;

{% set no_value_words %}[(]?null[)]?|nan|#?n/a|<na>|nat|\\n|-{% endset %}
-- how exports write that there is none (a list of words would be a join per column)
create or replace temp macro no_value(text) as length(text) < 8
    and regexp_full_match(text, '(?i)\s*(none|{{ no_value_words }})\s*');

create or replace temp macro is_nested(text) as
left(text, 1) in ('{', '[') and json_valid(text);

create or replace temp macro is_exponent(text) as
regexp_full_match(text, '\s*[0-9]+([.,][0-9]+)?[eE][+]?[0-9]+\s*');

create or replace temp macro scalar_text(text) as case
    when not no_value(text) and not is_nested(text) then text
end;

-- 811.0 is 811, of an id or a code
create or replace temp macro whole_number(text) as
nullif(regexp_replace(text, '^([0-9]+)[.]0+$', '\1'), '');

-- a code keeps its 0, and None, which is a symbol of some
create or replace temp macro code_text(text) as whole_number(
    regexp_replace(text, '(?i)^\s*({{ no_value_words }}|[\[{].*)\s*$', '')
);

-- an account or a reference of D365; NULL for what a spreadsheet made of a long number (1.2E+05) and
-- for the line of hyphens below the header of a SQL client
create or replace temp macro account_text(text) as case
    when trim(text, ' -') = '' then null
    when text not ilike '%e%' or not regexp_full_match(
        text, '(?i)\s*([0-9]+([.,][0-9]+)?e[+][0-9]+|[0-9]+[.,][0-9]+e[0-9]+)\s*'
    ) then scalar_text(text)
end;

-- a document number or currency and a company of F&O, which ignores their case and blanks
create or replace temp macro number_text(text) as
upper(whole_number(regexp_replace(account_text(text), '^[\s\p{Z}\p{C}]+|[\s\p{Z}\p{C}]+$', '', 'g')));
create or replace temp macro company_text(text) as lower(number_text(text));

-- without what a spreadsheet adds ('811, ="811", 1,811); a GUID in lower case without braces
create or replace temp macro bare_id(text) as case
    when regexp_full_match(text, '[0-9]{1,3}(,[0-9]{3})+') then replace(text, ',', '')
    when regexp_full_match(text, '(?i)[{]?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[}]?')
        then nullif(lower(trim(text, '{}')), '00000000-0000-0000-0000-000000000000')
    else regexp_replace(text, '^''|^="|"$', '', 'g')
end;

-- an id without blanks and invisible characters; NULL for what names no one, as a word of four letters: Guest
create or replace temp macro id_text(text) as case
    when regexp_full_match(text, '(gid://shopify/[A-Za-z]+/)?[1-9][0-9]*') then text
    else whole_number(regexp_replace(
        bare_id(regexp_replace(text, '[\s\p{Z}\p{C}]+', '', 'g')),
        '(?i)^((gid://shopify/[a-z]+/)?(0+([.]0+)?|[a-z_]{4,})|{{ no_value_words }}'
            || '|-+|-[0-9.]+|[\[{].*|[0-9]+([.,][0-9]+)?e[+]?[0-9]+)$',
        ''
    ))
end;

-- the id of a Shopify object as GraphQL writes it; NULL for that of another object
create or replace temp macro own_gid(text, prefix) as case
    when starts_with(text, prefix) and length(text) > length(prefix) then text
    when not starts_with(lower(text), 'gid://') then text
end;
create or replace temp macro gid_text(text, kind) as own_gid(
    regexp_replace(
        text, '(?i)^(?:gid://shopify/' || kind || '/)?([0-9]+)([?].*)?$',
        'gid://shopify/' || kind || '/\1'
    ),
    'gid://shopify/' || kind || '/'
);

-- an object or array sent as JSON text in a string, as warehouses unload them
create or replace temp macro unwrapped(text) as case
    when left(text, 1) <> '"' then text
    when no_value(json_extract_string(text, '$')) then null
    when is_nested(ltrim(json_extract_string(text, '$'))) then json_extract_string(text, '$')
    else text
end;

-- tags that come as one text: VIP, ERP:T911
create or replace temp macro tag_list(text) as case
    when left(text, 1) in ('[', '{') or text = 'null' then text
    else to_json(list_filter(
        list_transform(string_split(json_extract_string(text, '$'), ','), lambda tag: trim(tag)),
        lambda tag: tag <> ''
    ))::varchar
end;

-- invalid JSON becomes a JSON string
create or replace temp macro json_or_string(text) as case
    when trim(text) = '' or no_value(text) then null
    when json_valid(text) then text
    else to_json(text)::varchar
end;
