-- Rows of a staging table that are older than those of the raw table. A version without a
-- readable time is not older: the later load wins. One with a time after the load never wins over a
-- valid one.
select new.rowid from {{ table }} as new
inner join {{ raw }} as old
    on old.instance = new.instance
    {%- for key in keys %} and old."{{ key }}" = new."{{ key }}"{% endfor %}

where new._problem is null and case
    when old._version_at > getvariable('latest') then false
    when new._version_at > getvariable('latest') then true
    else coalesce(old._version_at > new._version_at, false)
end
