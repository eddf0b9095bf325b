-- a record repeated within the overlap is one reject
delete from raw_load.rejects as old using new_rejects as new
where old.source = $source and old.instance = $instance and old.resource = $resource
    and (old.path = new.path or starts_with(old.path, new.path || '{{ partial }}'))
    and old.column_name is not distinct from new.column_name
    and old.reason = new.reason and old.value is not distinct from new.value
