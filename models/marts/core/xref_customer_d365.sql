-- Grain: one commerce customer, D365 customer and key scope: a key of the one is a key of the
-- other, in any company.
with

matches as (
    select * from {{ ref('int_customer_d365_matches_found') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by key_scope, customer_id, d365_customer_key
            order by precedence asc, match_key_id asc, key_value asc
        ) as match_rank
    from matches
)

select
    cast(key_scope as string) as key_scope,
    cast(customer_id as string) as customer_id,
    cast(d365_customer_key as string) as d365_customer_key,
    cast(coalesce(legal_entity_id, erp_code) as string) as legal_entity_id,
    legal_entity_id is not null as is_mapped_legal_entity,
    cast(d365_customer_id as string) as d365_customer_id,
    is_blocked,
    cast(key_type as string) as matched_key_type,
    cast(key_value as string) as matched_key_value
from ranked
where match_rank = 1
