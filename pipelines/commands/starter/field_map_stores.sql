-- One row per store. segment: b2b makes every order of the store B2B. default_legal_entity_id: who invoices its orders
-- when no tag and no ship-to country says otherwise. order_reference_prefix: what D365 writes before the order number
-- (SHP-1001). is_in_scope false: a store whose orders are never invoiced from D365 (a closed one, a test store).
select
    platform, instance, instance as store_name, case when is_b2b then 'b2b' else 'dtc' end as segment,
    entities.time_zone, stores.legal_entity_id as default_legal_entity_id,
    null as order_reference_rule, null as order_reference_prefix, true as is_in_scope
from facts_stores as stores
inner join facts_entities as entities on stores.legal_entity_id = entities.erp_code
order by platform, instance
