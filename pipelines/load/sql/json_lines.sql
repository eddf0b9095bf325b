-- Of a line that is no JSON, what is not its own is dropped first: the byte order mark of a file
-- that was put behind another, half a character of two (an emoji that a shop cut in half), the comma
-- of an array without brackets.
{% set lone_half %}(\\\\|\\u[dD][89aAbB]..\\u[dD][c-fC-F]..)|\\u[dD][89a-fA-F]..{% endset %}
with named as (
    select *, try(json_keys(text)) as names from records
),

repaired as (
    select * replace (case when names is null then try(json_keys(text)) else names end as names)
    from (
        select * replace (case
            when names is not null then text
            else regexp_replace(
                rtrim(ltrim(text, chr(65279)), e', \t\r'), '{{ lone_half }}', '\1', 'g'
            )
        end as text)
        from named
    )
),

judged as (
    select n, text, case
        when is_open and (fault is not null or names is null) then '{{ cut_off }}'
        when fault is not null then fault
        when names is null then 'not JSON'
        when left(ltrim(text, e' \t\r\n'), 1) <> '{' then 'not a JSON object'
    end as fault, list_unique(names) < len(names) as is_twice
    from repaired
)

select *, json_transform(case when fault is null then text end, {{ shape }}) as r
from judged
