-- What only a person can answer.
select 'Is ' || time_zone || ' where your day begins, and ' || currency_code || ' what you report in? (settings.yml)'
from facts_entities where is_reporting
union all
select
    'Who invoices the orders of ' || string_agg(platform || '/' || instance || ' (proposed: ' || legal_entity_id || ')', ', ')
    || '? (field_map_stores.csv, default_legal_entity_id; by country: field_map_ship_to_countries.csv)'
from facts_stores
where (select count(*) from facts_entities) > 1
having count(*) > 0
union all
select
    'How does D365 write an order number of ' || string_agg(platform || '/' || instance, ', ')
    || ': with something before it, as SHP-1001? (field_map_stores.csv, order_reference_prefix)'
from facts_stores
having count(*) > 0
union all
select 'Does the shop know the D365 customer number? It is looked for in ' || string_agg(field, ', ')
    || '. (field_map_match_keys.csv)'
from (
    select distinct platform || ' ' || source_field as field from match_keys
    where key_type = 'external_id' and source_field != 'subject.id' and is_active = 'true'
        and scope = 'headline' and platform in (select platform from facts_stores)
    union
    select platform || ' ' || source_field || ' (numbers of D365 customers are in it)' from facts_number_fields
)
having count(*) > 0
