select is_measurable from cards.dim_cards
where card_id = 'commerce_orders_without_business_central_sales_order'
