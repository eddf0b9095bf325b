-- Grain: one value of a Business Central record that does not read as what it should be.
{{ rejected_values('d365_bc', 'currency_exchange_rates', 'id', [
    ('startingDate', 'starting_date', 'date'),
    ('exchangeRateAmount', 'exchange_rate_amount', 'rate'),
    ('relationalExchangeRateAmount', 'relational_exchange_rate_amount', 'rate'),
]) }}
union all
{{ rejected_values('d365_bc', 'sales_invoices', 'id', [
    ('invoiceDate', 'invoice_date', 'date'),
]) }}
