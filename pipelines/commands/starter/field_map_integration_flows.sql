-- The cloud flows that carry customers and orders to D365: % matches anything. purpose: creates_customer, creates_order,
-- updates_invoice or other. A failed flow that creates customers explains why one is absent. Remove what is not yours.
select distinct
    name as name_pattern,
    case
        when name ilike '%customer%' then 'creates_customer'
        when name ilike '%invoice%' then 'updates_invoice'
        when name ilike '%order%' then 'creates_order'
        else 'other'
    end as purpose
from raw_power_automate.workflows
where regexp_matches(name, '(?i)customer|order|invoice|account|shopify|commerce|d365|dynamics|business central')
order by 1
