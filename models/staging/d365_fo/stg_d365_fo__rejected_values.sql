-- Grain: one value of an F&O record that does not read as what it should be.
{% set invoice_key = "lower(data_area_id) || ' ' || invoice_identifier" %}
{% set rate_key = "from_currency || '>' || to_currency || ' ' || start_date" %}
{{ rejected_values('d365_fo', 'exchange_rates', rate_key, [
    ('Rate', 'rate', 'rate'),
    ('StartDate', 'start_date', 'date'),
    ('ConversionFactor', 'conversion_factor', 'conversion factor'),
]) }}
union all
{{ rejected_values('d365_fo', 'free_text_invoices', invoice_key, [
    ('IsPosted', 'is_posted', 'boolean'),
    ('IsCorrection', 'is_correction', 'boolean'),
]) }}
union all
{{ rejected_values('d365_fo', 'customers', "lower(data_area_id) || ' ' || customer_account", [
    ('IsOneTimeCustomer', 'is_one_time_customer', 'boolean'),
]) }}
