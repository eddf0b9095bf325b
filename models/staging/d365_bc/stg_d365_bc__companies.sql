-- Grain: one Business Central company.
with

companies as (
    select * from {{ source('raw_d365_bc', 'companies') }}
)

select
    instance,
    id as company_id,
    {{ blank_to_null('name') }} as company_name,
    {{ blank_to_null('display_name') }} as company_display_name
from companies
