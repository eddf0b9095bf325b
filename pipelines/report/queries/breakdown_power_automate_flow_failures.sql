select flow_name as label, count(*) as item_count, null as value, 0 as unrated_count
from cards.card_power_automate_flow_failures
group by all
order by item_count desc, label
