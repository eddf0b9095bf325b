/*
table = "shopify.orders"
what = "the table order of Fivetran"
signs = ["id", "created_at", "total_price", "financial_status", "_fivetran_synced"]
lacks = "it has no tags and no company"
remedy = "export the whole table"
columns = '''
id
name
number
created_at
processed_at
updated_at
cancelled_at
closed_at
cancel_reason
test
confirmed
source_name
email
currency
presentment_currency
financial_status
fulfillment_status
customer_id
total_price
total_tax
current_total_price
current_total_tax
total_price_set
_fivetran_synced
_fivetran_deleted
billing_address_name
billing_address_company
billing_address_address_1
billing_address_address_2
billing_address_city
billing_address_zip
billing_address_country_code
billing_address_phone
shipping_address_name
shipping_address_company
shipping_address_address_1
shipping_address_address_2
shipping_address_city
shipping_address_zip
shipping_address_country_code
shipping_address_phone
'''
*/
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
    "email",
    "currency" as "currencyCode",
    "presentment_currency" as "presentmentCurrencyCode",
    upper("financial_status") as "displayFinancialStatus",
    case "fulfillment_status" when 'partial' then 'PARTIALLY_FULFILLED'
        else upper("fulfillment_status") end as "displayFulfillmentStatus",
    case when "customer_id" is not null
        then to_json({'id': 'gid://shopify/Customer/' || "customer_id"}) end as "customer",
    case when "current_total_price" is not null
        then to_json({'shopMoney': shape_money("current_total_price", "currency")}) end
        as "currentTotalPriceSet",
    case when "total_price" is not null then to_json({
        'shopMoney': shape_money("total_price", "currency"),
        'presentmentMoney': shape_money(
            json_extract_string("total_price_set", '$.presentment_money.amount'),
            json_extract_string("total_price_set", '$.presentment_money.currency_code')
        )
    }) end as "totalPriceSet",
    case when "current_total_tax" is not null
        then to_json({'shopMoney': shape_money("current_total_tax", "currency")}) end
        as "currentTotalTaxSet",
    case when "total_tax" is not null
        then to_json({'shopMoney': shape_money("total_tax", "currency")}) end as "totalTaxSet",
    shape_address("billing_address_name", "billing_address_company", "billing_address_address_1",
        "billing_address_address_2", "billing_address_city", "billing_address_zip",
        "billing_address_country_code", "billing_address_phone") as "billingAddress",
    shape_address("shipping_address_name", "shipping_address_company", "shipping_address_address_1",
        "shipping_address_address_2", "shipping_address_city", "shipping_address_zip",
        "shipping_address_country_code", "shipping_address_phone") as "shippingAddress"
from given
where coalesce(lower("_fivetran_deleted"), 'false') not in ('true', 't', '1')
