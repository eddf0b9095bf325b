-- how far each live resource of a source has been loaded
select instance, resource, fingerprint, newest_at, row_count
from raw_load.cursors
where source = $source
