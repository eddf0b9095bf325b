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

held as (
    select
        keys.*,
        d365_customers.d365_system as erp,
        d365_customers.instance,
        d365_customers.erp_code,
        coalesce(d365_customers.legal_entity_id, d365_customers.erp_code) as legal_entity_id,
        d365_customers.d365_customer_id,
        d365_customers.customer_name,
        d365_customers.is_blocked,
        count(*) over (
            partition by
                d365_customers.d365_system,
                d365_customers.instance,
                d365_customers.erp_code,
                keys.key_type,
                keys.key_value
        ) as holder_count
    from keys
    inner join d365_customers
        on keys.holder_key = d365_customers.party_key
),

shared_keys as (
    select * from held
    where holder_count > 1
),

commerce_matches as (
    -- the first key in the order of the field map speaks for a commerce and a D365 customer
    select
        *,
        row_number() over (
            partition by customer_id, d365_customer_key
            order by precedence asc, match_key_id asc, key_value asc
        ) as match_rank
    from {{ ref('int_party_matches') }}
    where key_scope = 'headline'
        and d365_customer_key in (select shared_keys.holder_key from shared_keys)
),

used_keys as (
    select distinct
        d365_customer_key,
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
    bool_or(used_keys.d365_customer_key is not null) as is_used_by_commerce
from shared_keys
left join used_keys
    on shared_keys.holder_key = used_keys.d365_customer_key
    and shared_keys.key_type = used_keys.key_type
    and shared_keys.key_value = used_keys.key_value
group by
    shared_keys.erp,
    shared_keys.instance,
    shared_keys.erp_code,
    shared_keys.key_type,
    shared_keys.key_value
