select
    shared.legal_entity_id, shared.key_type, shared.key_value, shared.d365_customer_ids,
    shared.d365_customer_names, shared.is_used_by_commerce, count(*) over () as total
from worklist.d365_shared_keys as shared
order by shared.is_used_by_commerce desc, shared.d365_customer_count desc, shared.key_value
limit $shown
