-- Tags that say which legal entity invoices an order, before its country does: those in which the code of an entity is
-- a word of its own. Check them, and add others that say so (tag_type: order_tag, customer_tag).
select distinct
    'shopify' as platform, instance, case entity when 'order' then 'order_tag' else 'customer_tag' end as tag_type,
    trim(tag) as tag_value, erp_code as legal_entity_id
from facts_tags
inner join facts_entities
    on list_contains(regexp_split_to_array(lower(tag), '[^a-z0-9]+'), erp_code)
where length(erp_code) > 2 and (select count(*) from facts_entities) > 1
order by all
