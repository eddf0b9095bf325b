-- Grain: one value of a Shopify record that does not read as what it should be.
{{ rejected_values('shopify', 'orders', gid_number('id'), [
    ('createdAt', 'created_at', 'order_time'),
    ('cancelledAt', 'cancelled_at', 'time'),
    ('test', 'test', 'boolean'),
    ('currentTotalPriceSet', json_text('current_total_price_set', 'presentmentMoney.amount'),
        'amount'),
    ('currentTotalTaxSet', json_text('current_total_tax_set', 'presentmentMoney.amount'), 'amount'),
], in_look_back()) }}
