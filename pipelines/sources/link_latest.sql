create temp table "{{ table }}" as
select * exclude (link_rank) from (
    select *, row_number() over (
        partition by "Id"
        order by
            try_cast("versionnumber" as hugeint) desc nulls last,
            "SinkCreatedOn" desc nulls last
    ) as link_rank
    from ({{ rows }})
)
where link_rank = 1 and coalesce(lower("IsDelete"), '') not in ('1', 'true')
