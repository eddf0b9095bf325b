-- Grain: one D365 customer or Dataverse row that one key value of one commerce customer resolves
-- to, for one row of the field map: value and field match on both sides. The last columns are of
-- D365 customers only.
with

customers as (
    select * from {{ ref('int_customers') }}
),

subject_keys as (
    select * from {{ ref('int_subject_keys') }}
),

erp_keys as (
    select * from {{ ref('int_erp_keys') }}
),

match_keys as (
    select * from {{ ref('int_match_keys_active') }}
),

d365_customers as (
    select * from {{ ref('int_erp_parties') }}
    where d365_system != 'dataverse'
),

pairs as (
    select
        customers.customer_id,
        subject_keys.platform,
        subject_keys.fields as shop_fields,
        erp_keys.holder_key,
        erp_keys.d365_system,
        erp_keys.fields as party_fields,
        erp_keys.key_type,
        erp_keys.key_value
    from subject_keys
    inner join erp_keys
        on subject_keys.key_type = erp_keys.key_type
        and subject_keys.key_value = erp_keys.key_value
    inner join customers
        on subject_keys.subject_key = customers.subject_key
)

select distinct
    match_keys.key_scope,
    pairs.customer_id,
    d365_customers.party_key as d365_customer_key,
    case when pairs.d365_system = 'dataverse' then pairs.holder_key end as dataverse_key,
    pairs.key_type,
    pairs.key_value,
    match_keys.match_key_id,
    match_keys.precedence,
    d365_customers.legal_entity_id,
    d365_customers.erp_code,
    d365_customers.d365_customer_id,
    d365_customers.is_blocked
from pairs
inner join match_keys
    on pairs.d365_system = match_keys.d365_system
    and pairs.key_type = match_keys.key_type
    and match_keys.platform in ('*', pairs.platform)
    and array_contains(pairs.shop_fields, match_keys.source_field)
    and array_contains(pairs.party_fields, match_keys.d365_field)
left join d365_customers
    on pairs.holder_key = d365_customers.party_key
where pairs.d365_system = 'dataverse' or d365_customers.party_key is not null
