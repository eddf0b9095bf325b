-- Grain: one key value shared by several customers of one D365 company. An order of that key
-- belongs to one of them, and no one can say to which: merge them in D365, or correct one key.
with

d365_customers as (
    select * from {{ ref('int_erp_parties') }}
    where d365_system != 'dataverse'
),

keys as (
    select distinct
        holder_key,
        key_type,
        key_value
    from {{ ref('int_erp_keys') }}
    where d365_system in ('fo', 'bc')
),

-- spellings of one account are one customer
held as (
    select
        keys.key_type,
        keys.key_value,
        d365_customers.canonical_party_key,
        d365_customers.d365_system as erp,
        d365_customers.instance,
        d365_customers.erp_code,
        coalesce(d365_customers.legal_entity_id, d365_customers.erp_code) as legal_entity_id,
        min(trim(d365_customers.d365_customer_id)) as d365_customer_id,
        min(d365_customers.customer_name) as customer_name,
        bool_or(d365_customers.is_blocked) as is_blocked
    from keys
    inner join d365_customers
        on keys.holder_key = d365_customers.party_key
    group by
        keys.key_type,
        keys.key_value,
        d365_customers.canonical_party_key,
        d365_customers.d365_system,
        d365_customers.instance,
        d365_customers.erp_code,
        d365_customers.legal_entity_id
),

counted as (
    select
        *,
        count(*) over (partition by erp, instance, erp_code, key_type, key_value) as holder_count
    from held
),

shared_keys as (
    select * from counted
    where holder_count > 1
),

commerce_matches as (
    -- the first key in the order of the field map speaks for a commerce and a D365 customer
    select
        *,
        row_number() over (
            partition by customer_id, canonical_party_key
            order by precedence asc, match_key_id asc, key_value asc
        ) as match_rank
    from {{ ref('int_party_matches') }}
    where key_scope = 'headline'
        and canonical_party_key in (select shared_keys.canonical_party_key from shared_keys)
),

used_keys as (
    select distinct
        canonical_party_key,
        key_type,
        key_value
    from commerce_matches
    where match_rank = 1
)

select
    cast(max(shared_keys.legal_entity_id) as string) as legal_entity_id,
    cast(shared_keys.erp as string) as erp,
    cast(shared_keys.instance as string) as instance,
    cast(shared_keys.erp_code as string) as erp_code,
    cast(shared_keys.key_type as string) as key_type,
    cast(shared_keys.key_value as string) as key_value,
    cast(max(shared_keys.holder_count) as bigint) as d365_customer_count,
    cast({{ sorted_list('shared_keys.d365_customer_id') }} as string) as d365_customer_ids,
    cast({{ sorted_list('shared_keys.customer_name') }} as string) as d365_customer_names,
    bool_or(shared_keys.is_blocked) as has_blocked_customer,
    bool_or(used_keys.canonical_party_key is not null) as is_used_by_commerce
from shared_keys
left join used_keys
    on shared_keys.canonical_party_key = used_keys.canonical_party_key
    and shared_keys.key_type = used_keys.key_type
    and shared_keys.key_value = used_keys.key_value
group by
    shared_keys.erp,
    shared_keys.instance,
    shared_keys.erp_code,
    shared_keys.key_type,
    shared_keys.key_value
