/*
table = "shopify.customers"
what = "customers of the Shopify REST API (also as Airbyte and Fivetran write them)"
signs = ["id", "created_at", "first_name", "last_name", "email"]
unless = ["createdat"]
remedy = "export the customers with all fields of the REST API"
columns = '''
id
created_at
updated_at
first_name
last_name
email
state
tags
tax_exempt
'''
also = '''
default_address
_fivetran_deleted
'''
*/
select
    n,
    "id",
    "created_at" as "createdAt",
    "updated_at" as "updatedAt",
    nullif(concat_ws(' ', "first_name", "last_name"), '') as "displayName",
    "first_name" as "firstName",
    "last_name" as "lastName",
    "email",
    upper("state") as "state",
    "tags",
    "tax_exempt" as "taxExempt",
    case when "default_address" is not null then json_merge_patch("default_address",
        json_object('countryCodeV2', json_extract_string("default_address", '$.country_code')))
    end as "defaultAddress"
from given
where coalesce(lower("_fivetran_deleted"), 'false') not in ('true', 't', '1')
