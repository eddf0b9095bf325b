-- Grain: one of the five reasons why another count differs from the headline, its effect and one
-- customer behind it. A reason whose data was never loaded has one row of effect not_loaded.
with

differences as (
    select * from {{ ref('onboarding_count_differences') }}
),

customers as (
    select * from {{ ref('dim_commerce_customers') }}
),

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
),

active_customers as (
    select presence.*
    from {{ ref('fct_customer_presence') }} as presence
    inner join cards
        on presence.window_days = cards.window_days
        and presence.key_scope = cards.key_scope
),

valued as (
    select distinct
        customer_id,
        segment_code,
        customer_blocked_value_reporting as blocked_value_reporting
    from active_customers
),

unrated as (
    {{ added_per_currency(
        "(select * from active_customers where presence = 'absent') as absences",
        'customer_id', 'unrated_values', 'unrated_values') }}
),

explained as (
    select
        reason,
        effect,
        party_key,
        max(customer_id) as customer_id,
        {{ sorted_list('detail') }} as detail
    from differences
    group by reason, effect, party_key
    union all
    select 'dataverse_staging', 'not_loaded', '(not loaded)', null,
        'accounts and contacts of Dataverse are not loaded'
    from cards where is_measurable and not is_dataverse_loaded
    union all
    select 'quote_only', 'not_loaded', '(not loaded)', null,
        'no quotes or drafts of any shop are loaded'
    from cards where is_measurable and not are_quotes_loaded
)

select
    explained.reason,
    explained.effect,
    explained.party_key,
    explained.customer_id,
    cast(coalesce(customers.customer_name, explained.party_key) as string) as customer_name,
    valued.segment_code,
    cast(explained.detail as string) as detail,
    valued.blocked_value_reporting,
    unrated.unrated_values
from explained
left join customers
    on explained.customer_id = customers.customer_id
left join valued
    on explained.customer_id = valued.customer_id
left join unrated
    on explained.customer_id = unrated.customer_id
