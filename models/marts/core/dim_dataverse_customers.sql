-- Grain: one Dataverse account or contact: is it promoted to the customer master, and if not, what
-- keeps dual-write from doing it.
with

dataverse_customers as (
    select * from {{ ref('int_erp_parties') }}
    where d365_system = 'dataverse'
),

matches as (
    select * from {{ ref('int_dataverse_d365_matches_found') }}
),

-- a company code may name an entity of both ERPs: dual-write means the one of F&O
legal_entities as (
    select
        erp_code,
        max_by(legal_entity_id, coalesce(erp, '')) as legal_entity_id
    from {{ ref('dim_legal_entities') }}
    group by erp_code
)

select
    cast(dataverse_customers.party_key as string) as dataverse_key,
    cast(dataverse_customers.instance as string) as instance,
    cast(dataverse_customers.dataverse_table as string) as dataverse_table,
    cast(dataverse_customers.dataverse_id as string) as dataverse_id,
    cast(dataverse_customers.customer_name as string) as customer_name,
    cast(dataverse_customers.d365_customer_id as string) as account_number,
    cast(dataverse_customers.erp_code as string) as company_code,
    cast(legal_entities.legal_entity_id as string) as legal_entity_id,
    dataverse_customers.is_active,
    cast(dataverse_customers.created_at as timestamp) as created_at,
    matches.dataverse_key is not null as is_promoted,
    cast(matches.promoted_by as string) as promoted_by,
    cast(matches.d365_customer_key as string) as d365_customer_key,
    cast(
        case
            when matches.dataverse_key is not null then null
            when not dataverse_customers.is_active then 'inactive'
            when dataverse_customers.dataverse_table = 'account'
                and not dataverse_customers.is_customer_type
                then 'not_customer_type'
            when dataverse_customers.dataverse_table = 'contact'
                and not dataverse_customers.is_customer_type
                then 'not_sellable'
            when not dataverse_customers.has_company then 'no_company'
            when legal_entities.legal_entity_id is null then 'wrong_company'
            when dataverse_customers.d365_customer_id is null then 'no_account_number'
            else 'account_number_not_in_master'
        end as string
    ) as eligibility_reason
from dataverse_customers
left join matches
    on dataverse_customers.party_key = matches.dataverse_key
left join legal_entities
    on dataverse_customers.erp_code = legal_entities.erp_code
