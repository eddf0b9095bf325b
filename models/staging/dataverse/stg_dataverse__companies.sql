-- Grain: one legal entity as Dataverse knows it (cdm_companies).
with

companies as (
    select * from {{ source('raw_dataverse', 'cdm_companies') }}
)

select
    instance,
    {{ guid('cdm_companyid') }} as company_id,
    lower({{ blank_to_null('cdm_companycode') }}) as company_code,
    {{ blank_to_null('cdm_name') }} as company_name
from companies
