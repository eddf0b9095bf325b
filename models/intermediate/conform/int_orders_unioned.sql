-- Grain: one order of the look-back, of all platforms.
with

{% for platform in var('platforms') %}
{{ platform }}_orders as (
    select * from {{ ref('int_' ~ platform ~ '__orders') }}
),
{% endfor %}

unioned as (
    {% for platform in var('platforms') %}
    select * from {{ platform }}_orders
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    platform || ':' || instance || ':' || platform_order_id as order_key,
    platform || ':' || instance as store_key,
    platform || ':' || instance || ':account:' || platform_customer_id as account_key,
    platform || ':' || instance || ':company:' || platform_company_id as company_key,
    platform,
    instance,
    platform_order_id,
    order_number,
    ordered_at,
    {{ local_date('ordered_at', var('reporting_timezone')) }} as order_date,
    raw_status,
    coalesce(is_paid, false) as is_paid,
    coalesce(is_fulfilled, false) as is_fulfilled,
    order_email,
    company_name,
    person_name,
    country_text,
    postal_code,
    city,
    street,
    phone,
    po_number,
    sales_channel,
    order_currency_code,
    order_value_gross,
    order_value_net,
    {{ 'order_value_gross' if var('order_value_basis') == 'gross' else 'order_value_net' }}
        as order_value,
    _source_file,
    _record_number
from unioned
