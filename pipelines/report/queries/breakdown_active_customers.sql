select presence as label, count(*) as item_count, null as value, 0 as unrated_count
from cards.card_active_customers
group by all
order by label
