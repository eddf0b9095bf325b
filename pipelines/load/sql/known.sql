-- per resource of a source: its loaded files (content and declaration), the declared fields that
-- they had, the age of its data (UTC),
-- and whether the newest load failed
select
    instance, resource,
    max(extracted_at) filter (where outcome in ('loaded', 'unchanged')) as extracted_at,
    max_by(outcome, (loaded_at, load_id)) = 'failed' as is_failed,
    (
        select coalesce(list(content_sha256 || declaration), []) from raw_load.files as file
        where file.source = $source and file.instance = loads.instance
            and file.resource = loads.resource
    ) as files,
    (
        select coalesce(flatten(list(file.fields)), []) from raw_load.files as file
        where file.source = $source and file.instance = loads.instance
            and file.resource = loads.resource
    ) as fields
from raw_load.resource_loads as loads
where source = $source
group by all
