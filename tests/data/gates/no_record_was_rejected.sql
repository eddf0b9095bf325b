-- What: the load and the models could use every record and value.
-- When it matters: what is rejected is missing from the cards; var rejected_records_severity says
-- whether it only warns.
-- How to fix: reason, source_file and record_number of rejected_records say what and where; mend it
-- at the source.
{{ config(severity=var('rejected_records_severity')) }}
with

rejected_records as (
    select * from {{ ref('rejected_records') }}
)

select
    source_name,
    resource_name,
    column_name,
    reason,
    count(*) as record_count,
    min(coalesce(record_key, source_file || ' line ' || cast(record_number as string))) as example
from rejected_records
group by source_name, resource_name, column_name, reason
