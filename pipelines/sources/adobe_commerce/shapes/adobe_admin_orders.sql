/*
table = "adobe_commerce.orders"
what = "the orders grid of the Adobe Commerce admin"
signs = ["ID", "Purchase Date", "Grand Total (Purchased)", "Status"]
lacks = "its times have no zone: they are read as UTC; it has no id of a customer; its currency is the sign of the amount, where that names one"
remedy = "add the column to the grid (Columns) and export it again; a column Currency with USD may be added to the file by hand"
columns = '''
ID
Purchase Point
Purchase Date
Bill-to Name
Grand Total (Base)
Grand Total (Purchased)
Status
Billing Address
Customer Email
Customer Name
Total Refunded
Order Tax | Tax
Company Name
Currency | Order Currency | Order Currency Code
'''
*/
with orders as (
    select *,
        coalesce(
            upper("Currency"),
            nullif(regexp_extract("Grand Total (Purchased)", '[A-Z]{3}'), ''),
            case
                when contains("Grand Total (Purchased)", 'US$') then 'USD'
                when contains("Grand Total (Purchased)", 'CA$') then 'CAD'
                when contains("Grand Total (Purchased)", '€') then 'EUR'
                when contains("Grand Total (Purchased)", '£') then 'GBP'
            end
        ) as order_currency
    from given
)

select
    n,
    "ID" as "entity_id",
    "ID" as "increment_id",
    lower("Status") as "state",
    "Status" as "status",
    shape_time_us("Purchase Date") as "created_at",
    "Purchase Point" as "store_name",
    "Customer Email" as "customer_email",
    coalesce("Customer Name", "Bill-to Name") as "customer_firstname",
    order_currency as "order_currency_code",
    shape_amount("Grand Total (Purchased)") as "grand_total",
    shape_amount("Grand Total (Base)") as "base_grand_total",
    shape_amount("Order Tax") as "tax_amount",
    shape_amount("Total Refunded") as "total_refunded",
    case when coalesce("Company Name", "Bill-to Name") is not null
        then to_json({'company': "Company Name", 'firstname': "Bill-to Name"}) end
        as "billing_address"
from orders
