-- Grain: one commerce customer that the twin counts: an active order in the card's window, absent
-- in at least one expected entity on the key rows of the twin (e-mail, name and address).
{{ absent_customers_of_card('ecom_customers_absent_from_d365') }}
