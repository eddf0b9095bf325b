-- The rows of a file for its shape: the number of the row, every column that the shape names as a
-- text (NULL if the file lacks it), the record as it came, the instance. Rows with a fault pass by.
create or replace temp table shape_file as
select n, {{ "fault, text" if table.has_faults else "null::varchar as fault, null::varchar as text" }},
    ({{ record }})::json as record, '{{ instance | replace("'", "''") }}' as instance
    {%- for name, text in columns.items() %},
    nullif(trim(({{ text }})::varchar), '') as "{{ name }}"
    {%- endfor %}

from ({{ table.rows }})
