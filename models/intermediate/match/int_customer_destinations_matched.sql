-- Grain: one commerce customer, destination and key scope for which some key resolves in the
-- customer master. A customer and destination without a row here is in no entity of that
-- destination.
with

matches as (
    select * from {{ ref('int_destination_matches_found') }}
),

key_counts as (
    select * from {{ ref('int_destination_keys_counted') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by key_scope, customer_id, destination_key
            order by precedence asc, match_key_id asc, d365_customer_key asc
        ) as match_rank
    from matches
),

flagged as (
    select
        key_scope,
        customer_id,
        destination_key,
        bool_or(has_duplicates) as has_d365_duplicates,
        bool_or(has_key_conflict) as has_key_conflict
    from key_counts
    group by key_scope, customer_id, destination_key
),

matched as (
    select
        key_scope,
        customer_id,
        destination_key,
        max(case when match_rank = 1 then key_type end) as matched_key_type,
        bool_and(is_blocked) as is_blocked,
        {{ sorted_list('d365_customer_id') }} as d365_customer_ids
    from ranked
    group by key_scope, customer_id, destination_key
)

select
    matched.key_scope,
    matched.customer_id,
    matched.destination_key,
    matched.matched_key_type,
    matched.is_blocked,
    matched.d365_customer_ids,
    flagged.has_d365_duplicates,
    flagged.has_key_conflict
from matched
inner join flagged
    on matched.key_scope = flagged.key_scope
    and matched.customer_id = flagged.customer_id
    and matched.destination_key = flagged.destination_key
