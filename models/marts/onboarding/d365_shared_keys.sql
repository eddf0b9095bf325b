-- Grain: one key value that several customers of one D365 company hold. An order of that key
-- belongs to one of them, nobody can tell to which: merge them in D365, or correct one key.
with

shared_keys as (
    select * from {{ ref('xref_d365_shared_keys') }}
),

d365_customers as (
    select * from {{ ref('dim_d365_customers') }}
),

commerce_matches as (
    select
        d365_customer_key,
        matched_key_type as key_type,
        matched_key_value as key_value,
        count(*) as customer_count
    from {{ ref('xref_customer_d365') }}
    where key_scope = 'headline'
    group by d365_customer_key, matched_key_type, matched_key_value
)

select
    cast(max(coalesce(d365_customers.legal_entity_id, shared_keys.erp_code)) as string)
        as legal_entity_id,
    shared_keys.erp,
    shared_keys.instance,
    shared_keys.erp_code,
    shared_keys.key_type,
    shared_keys.key_value,
    cast(max(shared_keys.holder_count) as bigint) as d365_customer_count,
    cast({{ sorted_list('d365_customers.d365_customer_id') }} as string) as d365_customer_ids,
    cast({{ sorted_list('d365_customers.customer_name') }} as string) as d365_customer_names,
    bool_or(d365_customers.is_blocked) as has_blocked_customer,
    bool_or(commerce_matches.d365_customer_key is not null) as is_used_by_commerce
from shared_keys
inner join d365_customers
    on shared_keys.d365_customer_key = d365_customers.d365_customer_key
left join commerce_matches
    on shared_keys.d365_customer_key = commerce_matches.d365_customer_key
    and shared_keys.key_type = commerce_matches.key_type
    and shared_keys.key_value = commerce_matches.key_value
group by
    shared_keys.erp,
    shared_keys.instance,
    shared_keys.erp_code,
    shared_keys.key_type,
    shared_keys.key_value
