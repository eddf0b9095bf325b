-- name, value, comment: the lines of settings.yml, after the folder of the extracts.
select 'reporting_currency', currency_code, 'amounts of every card; the currency of ' || erp_code
from facts_entities where is_reporting
union all
select 'reporting_timezone', time_zone, 'where a day begins' from facts_entities where is_reporting
union all
select 'order_value_basis', 'net', 'net or gross of tax'
