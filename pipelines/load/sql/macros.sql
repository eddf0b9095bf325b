-- ISO 8601 (without a zone: UTC), RFC 2822, unix seconds or milliseconds → TIMESTAMP in UTC
create or replace temp macro parse_time(text) as case
    when text like '____-__-%' then try_cast(text as timestamptz) at time zone 'UTC'
    when regexp_full_match(text, '\d{9,10}') then make_timestamp(text::bigint * 1000000)
    when regexp_full_match(text, '\d{12,13}') then make_timestamp(text::bigint * 1000)
    else try_strptime(replace(text, ' GMT', ' +0000'), '%a, %d %b %Y %H:%M:%S %z')
        at time zone 'UTC'
end;

-- an object or array sent as JSON text in a string, as warehouses unload them
create or replace temp macro unwrapped(text) as case
    when left(text, 1) = '"' and left(ltrim(json_extract_string(text, '$')), 1) in ('{', '[')
        and json_valid(json_extract_string(text, '$'))
    then json_extract_string(text, '$')
    else text
end;

-- invalid JSON becomes a JSON string
create or replace temp macro json_or_string(text) as case
    when trim(text) = '' then null
    when json_valid(text) then text
    else to_json(text)::varchar
end;
