-- Grain: one commerce customer that exists somewhere else: in Dataverse, in the customer master of
-- any company, or probably in D365 under another key (near match).
with

found as (
    select customer_id, dataverse_id, cast(null as string) as legal_entity_id,
        cast(null as string) as d365_customer_id, cast(null as string) as near_d365_customer_id,
        cast(null as decimal(5, 4)) as near_match_score
    from {{ ref('xref_customer_dataverse') }}
    union all
    select customer_id, null, legal_entity_id, d365_customer_id, null, null
    from {{ ref('xref_customer_d365') }}
    where key_scope = 'headline'
    union all
    select customer_id, null, null, null, d365_customer_id, score
    from {{ ref('xref_near_matches') }}
    where is_shown
)

select
    customer_id,
    cast({{ sorted_list('dataverse_id') }} as string) as dataverse_ids,
    cast({{ sorted_list('legal_entity_id') }} as string) as other_legal_entity_ids,
    cast({{ sorted_list('d365_customer_id') }} as string) as other_d365_customer_ids,
    cast({{ sorted_list('near_d365_customer_id') }} as string) as near_match_d365_customer_ids,
    cast(max(near_match_score) as decimal(5, 4)) as near_match_score
from found
group by customer_id
