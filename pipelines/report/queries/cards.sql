select
    card_values.*,
    coalesce(dim_cards.grace_days, 0) as grace_days,
    dim_cards.has_segments,
    dim_cards.has_reporting_value
from cards.card_values
inner join cards.dim_cards
    on card_values.card_id = dim_cards.card_id
where card_values.as_of_date = (select max(as_of_date) from cards.card_values)
order by card_values.card_order
