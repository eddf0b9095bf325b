select
    eligibility_reason as label, count(*) as item_count, null as value, 0 as unrated_count
from cards.card_customers_in_dataverse_not_promoted_to_d365
group by all
order by item_count desc, label
