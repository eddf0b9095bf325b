with given as (
    select * exclude (fault, text) from shape_file where fault is null
),

shaped as (
    {{ select }}
)

select *, null::varchar as fault, null::varchar as text from shaped
union all by name
select n, fault, text from shape_file where fault is not null
