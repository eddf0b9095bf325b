-- ids that an earlier version kept as they were written: one row per id, in its one spelling
delete from {{ table }} where rowid in (
    select rowid from {{ table }} qualify row_number() over (
        partition by instance{% for value in keys.values() %}, {{ value }}{% endfor %}

        order by {{ "_version_at desc nulls last, " if has_version }}_dlt_load_id desc, rowid desc
    ) > 1
    union all
    select rowid from {{ table }} where {% for value in keys.values() %}{{ value }} is null{{ " or " if not loop.last }}{% endfor %}

);
update {{ table }} set {% for name, value in keys.items() %}{{ name }} = {{ value }}{{ ", " if not loop.last }}{% endfor %}

where {% for name, value in keys.items() %}{{ name }} <> {{ value }}{{ " or " if not loop.last }}{% endfor %}
