delete from raw_load.{{ table }}
where source = $source and instance = $instance and resource = $resource
    and ($path is null or path = $path or starts_with(path, $path || '{{ partial }}'))
