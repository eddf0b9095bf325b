with typed as (
    select *, try(json_type(text)) as kind from records
),

judged as (
    select n, text, case
        when is_open and (fault is not null or kind is null) then '{{ cut_off }}'
        when fault is not null then fault
        when kind is null then 'not JSON'
        when kind <> 'OBJECT' then 'not a JSON object'
    end as fault
    from typed
)

select *, json_transform(case when fault is null then text end, {{ shape }}) as r
from judged
