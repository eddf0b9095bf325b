-- Grain: one cause why another count of the same customers differs from the headline, and one
-- customer behind it. effect: only_headline (the other count leaves it out), only_other (the other
-- count has it), counted_twice (the other count has it once per legal entity).
with

absences as (
    select * from {{ ref('onboarding_absences') }}
),

compared as (
    select * from {{ ref('onboarding_headline_vs_twin') }}
),

near_matches as (
    select * from {{ ref('onboarding_near_matches') }}
),

key_absences as (
    select distinct customer_id
    from {{ ref('onboarding_key_combinations') }}
    where key_types = 'email' and customer_id is not null
),

quote_customers as (
    select * from {{ ref('int_quote_customers') }}
),

absent_customers as (
    select
        customer_id,
        bool_or(is_awaiting_sync) as is_awaiting_sync,
        max(dataverse_ids) as dataverse_ids,
        max(other_legal_entity_ids) as other_legal_entity_ids,
        count(*) as destination_count
    from absences
    group by customer_id
),

explained as (
    select
        'field_map_key' as reason,
        'only_headline' as effect,
        customer_id,
        customer_id as party_key,
        cause as detail
    from compared where counted_by = 'only_headline'
    union all
    select 'field_map_key', 'only_other', customer_id, customer_id, cause
    from compared where counted_by = 'only_twin'
    union all
    select 'field_map_key', 'only_headline', customer_id, customer_id,
        'probably D365 customer ' || d365_customer_id || ' (' || driven_by || ')'
    from near_matches where match_rank = 1
    union all
    select 'field_map_key', 'only_other', key_absences.customer_id, key_absences.customer_id,
        'a count by e-mail alone does not find it'
    from key_absences
    where not exists (
        select 1 from absent_customers where absent_customers.customer_id = key_absences.customer_id
    )
    union all
    select 'sync_timing', 'only_headline', customer_id, customer_id,
        'every order is younger than {{ var("awaiting_sync_minutes") }} minutes'
    from absent_customers where is_awaiting_sync
    union all
    select 'dataverse_staging', 'only_headline', customer_id, customer_id,
        'in Dataverse as ' || dataverse_ids || ', not in the customer master'
    from absent_customers where dataverse_ids is not null
    union all
    select 'multi_entity', 'only_headline', customer_id, customer_id,
        'a customer of ' || other_legal_entity_ids || ', not of the expected legal entity'
    from absent_customers where other_legal_entity_ids is not null
    union all
    select 'multi_entity', 'counted_twice', customer_id, customer_id,
        'absent in ' || cast(destination_count as string) || ' expected destinations, one customer'
    from absent_customers where destination_count > 1
    union all
    select 'quote_only', 'only_other', customer_id, subject_key,
        'quotes or drafts: ' || cast(quote_count as string) || ', no active order; '
            || coalesce(email, '')
    from quote_customers
)

select
    cast(reason as string) as reason,
    cast(effect as string) as effect,
    cast(party_key as string) as party_key,
    cast(customer_id as string) as customer_id,
    cast(detail as string) as detail
from explained
