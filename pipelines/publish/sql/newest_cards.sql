from cards.card_values
where as_of_date = (select max(as_of_date) from cards.card_values)
order by card_order
