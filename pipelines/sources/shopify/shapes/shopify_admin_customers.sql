/*
table = "shopify.customers"
what = "the customers export of the Shopify admin"
signs = ["First Name", "Last Name", "Email", "Total Spent"]
lacks = "it has no time of a change: the export that is loaded last counts"
remedy = "export the customers again (Shopify admin: Customers, Export, plain CSV file)"
columns = '''
Customer ID
First Name
Last Name
Email
Total Spent
Default Address Company | Company
Default Address Address1 | Address1
Default Address Address2 | Address2
Default Address City | City
Default Address Country Code | Country Code
Default Address Zip | Zip
Default Address Phone
Phone
Tax Exempt
Tags
'''
*/
select
    n,
    coalesce(shape_text("Customer ID"), "Email") as "id",
    nullif(concat_ws(' ', "First Name", "Last Name"), '') as "displayName",
    "First Name" as "firstName",
    "Last Name" as "lastName",
    "Email" as "email",
    case lower("Tax Exempt") when 'yes' then 'true' when 'no' then 'false' else "Tax Exempt" end
        as "taxExempt",
    "Tags" as "tags",
    shape_address(null, "Default Address Company", "Default Address Address1",
        "Default Address Address2", "Default Address City", "Default Address Zip",
        "Default Address Country Code", coalesce("Default Address Phone", "Phone"))
        as "defaultAddress"
from given
