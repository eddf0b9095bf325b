-- Grain: one commerce customer that the headline counts: an active order in the card's window,
-- absent in at least one expected entity on the headline's keys.
{{ absent_customers_of_card('ecom_customers_absent_from_d365_customer_master') }}
