/*
table = "shopify.orders"
what = "orders of the Shopify REST API (also as Airbyte and Fivetran write them)"
signs = ["created_at", "total_price", "financial_status"]
unless = ["createdat"]
remedy = "export the orders with all fields of the REST API"
columns = '''
id
name
created_at
processed_at
updated_at
cancelled_at
closed_at
cancel_reason
test
confirmed
source_name
po_number
tags
email
phone
currency
presentment_currency
financial_status
fulfillment_status
current_total_price
total_price
current_total_tax
total_tax
'''
also = '''
number
note_attributes
customer
customer_id
company
billing_address
shipping_address
current_total_price_set
total_price_set
current_total_tax_set
total_tax_set
contact_email
_fivetran_deleted
{% for kind in ["billing", "shipping"] %}
{% for field in ["name", "company", "address_1", "address_2", "city", "zip", "country_code", "phone"] %}
{{ kind }}_address_{{ field }}
{% endfor %}
{% endfor %}
'''
*/
-- the two moneys of a set; without a set the amount is that of the shop
with orders as (
    select *,
        {% for name in ["current_total_price", "total_price", "current_total_tax", "total_tax"] %}
        case
            when json_extract_string("{{ name }}_set", '$.shop_money.amount') is not null then to_json({
                'shopMoney': shape_money(
                    json_extract_string("{{ name }}_set", '$.shop_money.amount'),
                    json_extract_string("{{ name }}_set", '$.shop_money.currency_code')
                ),
                'presentmentMoney': shape_money(
                    json_extract_string("{{ name }}_set", '$.presentment_money.amount'),
                    json_extract_string("{{ name }}_set", '$.presentment_money.currency_code')
                )
            })
            when "{{ name }}" is not null
                then to_json({'shopMoney': shape_money("{{ name }}", "currency")})
        end as {{ name }}_moneys,
        {% endfor %}
        -- an object, or the columns that Fivetran makes of it
        {% for name in ["billing_address", "shipping_address"] %}
        coalesce(
            case when "{{ name }}" is not null then json_merge_patch(
                "{{ name }}",
                json_object('countryCodeV2', json_extract_string("{{ name }}", '$.country_code'))
            ) end,
            shape_address(
                "{{ name }}_name", "{{ name }}_company", "{{ name }}_address_1", "{{ name }}_address_2",
                "{{ name }}_city", "{{ name }}_zip", "{{ name }}_country_code", "{{ name }}_phone"
            )
        ) as {{ name }}_given,
        {% endfor %}
        coalesce(json_extract_string("customer", '$.id'), "customer_id") as buyer_id,
        json_extract_string("company", '$.id') as company_id
    from given
    where coalesce(lower("_fivetran_deleted"), 'false') not in ('true', 't', '1')
)

select
    n,
    "id",
    "name",
    "number",
    "created_at" as "createdAt",
    "processed_at" as "processedAt",
    "updated_at" as "updatedAt",
    "cancelled_at" as "cancelledAt",
    "closed_at" as "closedAt",
    upper("cancel_reason") as "cancelReason",
    "test",
    "confirmed",
    "source_name" as "sourceName",
    "po_number" as "poNumber",
    "tags",
    coalesce("email", "contact_email") as "email",
    "phone",
    "currency" as "currencyCode",
    "presentment_currency" as "presentmentCurrencyCode",
    upper("financial_status") as "displayFinancialStatus",
    case "fulfillment_status" when 'partial' then 'PARTIALLY_FULFILLED'
        else upper("fulfillment_status") end as "displayFulfillmentStatus",
    case when json_type(try_cast("note_attributes" as json)) = 'ARRAY' then to_json(list_transform(
        from_json("note_attributes", '[{"name": "VARCHAR", "value": "VARCHAR"}]'),
        lambda one: {'key': one.name, 'value': one.value}
    )) end as "customAttributes",
    case when buyer_id is not null then to_json({
        'id': 'gid://shopify/Customer/' || buyer_id,
        'email': json_extract_string("customer", '$.email')
    }) end as "customer",
    case when company_id is not null then to_json({
        '__typename': 'PurchasingCompany',
        'company': {'id': 'gid://shopify/Company/' || company_id},
        'location': {
            'id': 'gid://shopify/CompanyLocation/' || json_extract_string("company", '$.location_id')
        }
    }) end as "purchasingEntity",
    billing_address_given as "billingAddress",
    shipping_address_given as "shippingAddress",
    current_total_price_moneys as "currentTotalPriceSet",
    total_price_moneys as "totalPriceSet",
    current_total_tax_moneys as "currentTotalTaxSet",
    total_tax_moneys as "totalTaxSet"
from orders
