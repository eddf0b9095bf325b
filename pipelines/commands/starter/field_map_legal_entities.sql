-- One row per D365 company: an F&O dataAreaId (erp fo) or a Business Central company (erp bc, the name of its folder or, live, its own).
-- Check currency, country and time zone; the name is what people see. One row is the reporting entity.
-- customer_master_legal_entity_id: another row, when this company shares the customers of that one.
select
    erp_code as legal_entity_id, upper(erp_code) as legal_entity_name, erp, erp_code,
    currency_code as functional_currency_code, country as country_code, time_zone,
    is_reporting as is_reporting_entity, null as customer_master_legal_entity_id
from facts_entities
order by is_reporting desc, erp_code
