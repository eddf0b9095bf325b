insert into raw_load.rejects by name
select
    * replace (path || $when as path),
    $source as source, $instance as instance, $resource as resource,
    $loaded_at::timestamp as loaded_at, $load_id as load_id
from new_rejects
