-- Grain: one Dataverse account or contact that has a D365 customer: by company and account number,
-- by party number, or by a headline key of the field map (first that applies).
with

dataverse_customers as (
    select * from {{ ref('int_erp_parties') }}
    where d365_system = 'dataverse'
),

d365_customers as (
    select * from {{ ref('int_erp_parties') }}
    where d365_system != 'dataverse'
),

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
),

-- a company's rows, and those of the company whose customer master it shares
company_customers as (
    select erp_code as company_code, party_key as d365_customer_key, d365_customer_id
    from d365_customers
    union
    select
        lower(legal_entities.erp_code) as company_code,
        d365_customers.party_key as d365_customer_key,
        d365_customers.d365_customer_id
    from legal_entities
    inner join d365_customers
        on legal_entities.customer_master_legal_entity_id = d365_customers.legal_entity_id
),

d365_keys as (
    select * from {{ ref('int_erp_keys') }}
    where is_headline
),

matches as (
    select
        dataverse_customers.party_key as dataverse_key,
        company_customers.d365_customer_key,
        1 as match_order,
        'account_number' as promoted_by
    from dataverse_customers
    inner join company_customers
        on dataverse_customers.erp_code = company_customers.company_code
        and {{ canonical_account('dataverse_customers.d365_customer_id') }}
            = {{ canonical_account('company_customers.d365_customer_id') }}
    union all
    select
        dataverse_customers.party_key as dataverse_key,
        d365_customers.party_key as d365_customer_key,
        2 as match_order,
        'party_number' as promoted_by
    from dataverse_customers
    inner join d365_customers
        on {{ canonical_account('dataverse_customers.party_number') }}
            = {{ canonical_account('d365_customers.party_number') }}
    union all
    select
        dataverse_keys.holder_key as dataverse_key,
        master_keys.holder_key as d365_customer_key,
        3 as match_order,
        'field_map_key' as promoted_by
    from d365_keys as dataverse_keys
    inner join d365_keys as master_keys
        on dataverse_keys.key_type = master_keys.key_type
        and dataverse_keys.key_value = master_keys.key_value
    inner join dataverse_customers
        on dataverse_keys.holder_key = dataverse_customers.party_key
    where master_keys.d365_system in ('fo', 'bc')
        -- a number is of a company: match_order 1 looks there
        and (
            dataverse_customers.erp_code is null
            or not (dataverse_keys.is_company_number or master_keys.is_company_number)
        )
),

ranked as (
    select
        *,
        row_number() over (
            partition by dataverse_key order by match_order asc, d365_customer_key asc
        ) as match_rank
    from matches
)

select
    dataverse_key,
    d365_customer_key,
    promoted_by
from ranked
where match_rank = 1
