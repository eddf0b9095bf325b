with judged as (
    select n, text, case
        when is_open and (fault is not null or not json_valid(text)) then '{{ cut_off }}'
        when fault is not null then fault
        when not json_valid(text) then 'not JSON'
        when json_type(text) <> 'OBJECT' then 'not a JSON object'
    end as fault
    from records
)

select *, json_transform(case when fault is null then text end, {{ shape }}) as r
from judged
