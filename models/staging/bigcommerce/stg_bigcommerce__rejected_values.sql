-- Grain: one value of a BigCommerce record that does not read as what it should be.
{{ rejected_values('bigcommerce', 'orders', 'id', [
    ('date_created', 'date_created', 'order_time'),
    ('total_inc_tax', 'total_inc_tax', 'amount'),
    ('total_ex_tax', 'total_ex_tax', 'amount'),
    ('refunded_amount', 'refunded_amount', 'amount'),
    ('is_deleted', 'is_deleted', 'boolean'),
], in_look_back()) }}
