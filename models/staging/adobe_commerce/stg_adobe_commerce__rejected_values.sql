-- Grain: one value of an Adobe Commerce record that does not read as what it should be.
{{ rejected_values('adobe_commerce', 'orders', 'entity_id', [
    ('created_at', 'created_at', 'order_time'),
    ('grand_total', 'grand_total', 'amount'),
    ('tax_amount', 'tax_amount', 'amount'),
    ('total_refunded', 'total_refunded', 'amount'),
    ('tax_refunded', 'tax_refunded', 'amount'),
    ('total_canceled', 'total_canceled', 'amount'),
    ('customer_is_guest', 'customer_is_guest', 'boolean'),
], in_look_back()) }}
