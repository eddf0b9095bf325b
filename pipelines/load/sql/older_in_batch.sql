-- Of several records with one key keep the newest version, else the last one. A record without a
-- readable time is newer than the rows before it; one with a time after the load is older than all
-- others.
{% set key %}{% for key in keys %}"{{ key }}"{{ ", " if not loop.last }}{% endfor %}{% endset %}
{% set version = "_version_at" if has_version else "null::timestamp" %}
with versions as (
    select rowid as row_id, {{ key }}, row(_file_no, _record_number) as place,
        coalesce({{ version }} > getvariable('latest'), false) as is_future,
        {{ version }} as version_at
    from {{ table }} where _problem is null
    qualify count(*) over (partition by {{ key }}) > 1
),

ranked as (
    select *, first_value(place) over (
        partition by {{ key }} order by is_future, version_at desc nulls last, place desc
    ) as newest_place
    from versions
)

select row_id from ranked
qualify row_number() over (
    partition by {{ key }}
    order by is_future, version_at is null and place >= newest_place desc,
        version_at desc nulls last, place desc
) > 1
