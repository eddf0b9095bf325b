/*
table = "bigcommerce.orders"
what = "the orders export of the BigCommerce control panel"
signs = ["Order ID", "Order Status", "Order Date", "Order Total (inc tax)"]
lacks = "its times have no zone: they are read as UTC; a date that can be read both ways has the month first, unless another row of the file has a day there"
remedy = "export the orders with the template Default (Orders, Export)"
columns = '''
Order ID
Customer ID
Customer Name
Customer Email
Customer Phone
Order Date
Order Time
Order Status
Tax Total
Order Total (inc tax)
Order Total (ex tax)
Refund Amount
Payment Method
Order Currency Code
Channel ID
Billing First Name
Billing Last Name
Billing Company
Billing Street 1
Billing Street 2
Billing Suburb
Billing Zip
Billing Country
Billing Phone
Billing Email
Shipping First Name
Shipping Last Name
Shipping Company
Shipping Street 1
Shipping Street 2
Shipping Suburb
Shipping Zip
Shipping Country
Shipping Phone
Shipping Email
'''
*/
with dates as (
    select
        coalesce(bool_or(try_cast(split_part("Order Date", '/', 1) as integer) between 13 and 31), false)
            as is_day_first
    from given
),

orders as (
    select
        given.*,
        case
            when is_day_first and "Order Date" like '%/%' then concat_ws('/',
                split_part("Order Date", '/', 2), split_part("Order Date", '/', 1),
                split_part("Order Date", '/', 3))
            else "Order Date"
        end as order_date
    from given cross join dates
)

select
    n,
    "Order ID" as "id",
    "Customer ID" as "customer_id",
    shape_time_us(concat_ws(' ', order_date, coalesce("Order Time", '00:00:00'))) as "date_created",
    "Order Status" as "status_id",
    "Order Status" as "status",
    "Payment Method" as "payment_method",
    shape_amount("Order Total (ex tax)") as "total_ex_tax",
    shape_amount("Order Total (inc tax)") as "total_inc_tax",
    shape_amount("Tax Total") as "total_tax",
    shape_amount("Refund Amount") as "refunded_amount",
    "Order Currency Code" as "currency_code",
    "Order Currency Code" as "default_currency_code",
    "Channel ID" as "channel_id",
    to_json({
        'first_name': coalesce("Billing First Name", "Customer Name"), 'last_name': "Billing Last Name",
        'company': "Billing Company", 'street_1': "Billing Street 1", 'street_2': "Billing Street 2",
        'city': "Billing Suburb", 'zip': "Billing Zip", 'country': "Billing Country",
        'phone': coalesce("Billing Phone", "Customer Phone"),
        'email': coalesce("Customer Email", "Billing Email")
    }) as "billing_address",
    case when "Shipping Country" is not null then to_json([{
        'first_name': "Shipping First Name", 'last_name': "Shipping Last Name",
        'company': "Shipping Company", 'street_1': "Shipping Street 1",
        'street_2': "Shipping Street 2", 'city': "Shipping Suburb", 'zip': "Shipping Zip",
        'country': "Shipping Country", 'phone': "Shipping Phone", 'email': "Shipping Email"
    }]) end as "shipping_addresses"
from orders
