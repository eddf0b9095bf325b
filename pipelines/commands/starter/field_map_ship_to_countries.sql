-- The company that invoices what is shipped to a country. Remove the rows if the store alone decides.
-- platform: one of them, or * for all.
select entities.country as country_code, '*' as platform, min(entities.erp_code) as legal_entity_id
from facts_entities as entities
where (select count(distinct country) from facts_entities) > 1
    and entities.country in (select country from facts_orders)
group by entities.country
having count(*) = 1
order by 1
