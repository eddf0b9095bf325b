create temp table "{{ table }}" as
select * exclude (link_rank) from (
    select *, row_number() over (
        partition by "Id"
        order by
            try_cast("versionnumber" as hugeint) desc nulls last,
            coalesce(
                try_cast("SinkCreatedOn" as timestamptz),
                try_strptime("SinkCreatedOn", '%m/%d/%Y %I:%M:%S %p')::timestamptz
            ) desc nulls last,
            "SinkCreatedOn" desc nulls last
    ) as link_rank
    from ({{ rows }})
)
where link_rank = 1 and coalesce(lower("IsDelete"), '') not in ('1', 'true')
