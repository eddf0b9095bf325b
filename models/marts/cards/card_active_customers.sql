-- Grain: one commerce customer with an active order in the card's window
-- that is in the customer master (blocked or not).
{{ customers_of_card(
    'active_customers', ['present', 'present_blocked'], ['customer_presence as presence']
) }}
