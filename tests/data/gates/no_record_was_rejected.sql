-- What: the load and the models could use every record and value.
-- When it matters: rejected data is missing from the cards; var rejected_records_severity decides
-- between warning and error.
-- How to fix: see reason, source_file and record_number in rejected_records; fix it at the source.
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
