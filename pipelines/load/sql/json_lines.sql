with named as (
    select *, try(json_keys(text)) as names from records
),

judged as (
    select n, text, case
        when is_open and (fault is not null or names is null) then '{{ cut_off }}'
        when fault is not null then fault
        when names is null then 'not JSON'
        when left(ltrim(text, e' \t\r\n'), 1) <> '{' then 'not a JSON object'
    end as fault, list_unique(names) < len(names) as is_twice
    from named
)

select *, json_transform(case when fault is null then text end, {{ shape }}) as r
from judged
