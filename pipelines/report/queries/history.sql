select as_of_date, value, reporting_value, is_backfilled
from cards.card_history
where card_id = $card_id and as_of_date between $start and $as_of
order by as_of_date
