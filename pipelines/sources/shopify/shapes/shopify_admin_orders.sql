/*
table = "shopify.orders"
what = "the orders export of the Shopify admin"
signs = ["Name", "Email", "Financial Status", "Total", "Created at"]
lacks = "it has no customer and no company: the e-mail is the key and every buyer a guest"
remedy = "export the orders again (Shopify admin: Orders, Export, plain CSV file)"
columns = '''
Name
Email
Financial Status
Fulfillment Status
Currency
Taxes
Total
Created at
Cancelled at
Refunded Amount
Billing Name
Billing Company
Billing Address1
Billing Address2
Billing City
Billing Zip
Billing Country
Billing Phone
Shipping Name
Shipping Company
Shipping Address1
Shipping Address2
Shipping City
Shipping Zip
Shipping Country
Shipping Phone
Phone
Tags
Source
Id
'''
*/
-- An order has a row per line item; only its first row has the fields of the order.
with orders as (
    select *,
        shape_amount("Total") as placed,
        shape_amount("Taxes") as placed_tax,
        coalesce(
            (try_cast(shape_amount("Total") as decimal(18, 4))
                - coalesce(try_cast(shape_amount("Refunded Amount") as decimal(18, 4)), 0))::varchar,
            shape_amount("Total")
        ) as still_total
    from given
    where coalesce("Id", "Total", "Financial Status") is not null
)

select
    n,
    coalesce(shape_text("Id"), shape_text("Name")) as "id",
    "Name" as "name",
    "Email" as "email",
    shape_text("Phone") as "phone",
    shape_time("Created at") as "createdAt",
    shape_time("Cancelled at") as "cancelledAt",
    upper("Financial Status") as "displayFinancialStatus",
    case lower("Fulfillment Status") when 'partial' then 'PARTIALLY_FULFILLED'
        else upper("Fulfillment Status") end as "displayFulfillmentStatus",
    upper("Currency") as "currencyCode",
    "Source" as "sourceName",
    "Tags" as "tags",
    case when placed is not null then to_json({'shopMoney': shape_money(still_total, upper("Currency"))}) end
        as "currentTotalPriceSet",
    case when placed is not null then to_json({'shopMoney': shape_money(placed, upper("Currency"))}) end
        as "totalPriceSet",
    case when placed_tax is not null then to_json({'shopMoney': shape_money(placed_tax, upper("Currency"))}) end
        as "totalTaxSet",
    shape_address("Billing Name", "Billing Company", "Billing Address1", "Billing Address2",
        "Billing City", "Billing Zip", "Billing Country", "Billing Phone") as "billingAddress",
    shape_address("Shipping Name", "Shipping Company", "Shipping Address1", "Shipping Address2",
        "Shipping City", "Shipping Zip", "Shipping Country", "Shipping Phone") as "shippingAddress"
from orders
