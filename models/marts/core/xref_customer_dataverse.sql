-- Grain: one commerce customer and Dataverse account or contact that shares a headline key with it.
with

matches as (
    select
        customer_id,
        dataverse_key,
        min(key_type) as matched_key_type
    from {{ ref('int_party_matches') }}
    where key_scope = 'headline' and dataverse_key is not null
    group by customer_id, dataverse_key
),

dataverse_customers as (
    select * from {{ ref('int_erp_parties') }}
    where d365_system = 'dataverse'
)

select
    cast(matches.customer_id as string) as customer_id,
    cast(matches.dataverse_key as string) as dataverse_key,
    cast(dataverse_customers.dataverse_table as string) as dataverse_table,
    cast(dataverse_customers.dataverse_id as string) as dataverse_id,
    cast(dataverse_customers.d365_customer_id as string) as account_number,
    cast(dataverse_customers.erp_code as string) as company_code,
    dataverse_customers.is_active,
    cast(matches.matched_key_type as string) as matched_key_type,
    promotions.dataverse_key is not null as is_promoted,
    cast(
        coalesce(d365_customers.legal_entity_id, d365_customers.erp_code) as string
    ) as promoted_legal_entity_id,
    cast(d365_customers.d365_customer_id as string) as promoted_d365_customer_id
from matches
inner join dataverse_customers
    on matches.dataverse_key = dataverse_customers.party_key
left join {{ ref('int_dataverse_d365_matches_found') }} as promotions
    on matches.dataverse_key = promotions.dataverse_key
left join {{ ref('int_erp_parties') }} as d365_customers
    on promotions.d365_customer_key = d365_customers.party_key
