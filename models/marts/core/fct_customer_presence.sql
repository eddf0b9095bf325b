-- Grain: one commerce customer with an active order in the window, destination, window length and
-- key scope. presence is exactly one of present, present_blocked, covered_by_default_customer,
-- absent. is_in_headline: the one place that says who the headline counts.
with

orders as (
    select * from {{ ref('int_window_orders_listed') }}
),

matched as (
    select * from {{ ref('int_customer_destinations_matched') }}
),

headline as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
        and is_measurable
),

scopes as (
    -- both, also when every key row of one is switched off: then nobody is found, which is not 0
    select 'headline' as key_scope
    union all
    select 'twin' as key_scope
),

-- where no document of any entity of the destination was looked at, nothing is known to be posted
documented as (
    select distinct destinations.destination_key
    from {{ ref('int_destinations_listed') }} as destinations
    inner join {{ ref('dim_legal_entities') }} as legal_entities
        on destinations.legal_entity_id = legal_entities.legal_entity_id
    where legal_entities.are_documents_loaded
),

measured as (
    select
        window_days,
        customer_id,
        destination_key,
        max(mapping_status) as mapping_status,
        max(expected_legal_entity_id) as expected_legal_entity_id,
        max(candidate_legal_entity_ids) as candidate_legal_entity_ids,
        {{ sorted_list('mapped_by') }} as mapped_by,
        count(*) as order_count,
        count(case when not is_posted then 1 end) as open_order_count,
        min(ordered_at) as first_order_at,
        max(ordered_at) as last_order_at,
        bool_and(is_covered_by_default_customer) as is_covered,
        bool_and(is_awaiting_sync) as is_awaiting_sync,
        bool_or(is_rate_missing and not is_posted) as is_rate_missing,
        coalesce(sum(case when not is_posted then order_value_reporting end), 0)
            as open_value_reporting,
        bool_or(is_posted) as has_posted_orders,
        coalesce(sum(case when is_posted then order_value_reporting end), 0)
            as posted_value_reporting
    from orders
    group by window_days, customer_id, destination_key
)

select
    cast(measured.window_days as int) as window_days,
    cast(scopes.key_scope as string) as key_scope,
    cast(measured.customer_id as string) as customer_id,
    cast(measured.destination_key as string) as destination_key,
    cast(measured.mapping_status as string) as mapping_status,
    cast(measured.expected_legal_entity_id as string) as expected_legal_entity_id,
    cast(measured.candidate_legal_entity_ids as string) as candidate_legal_entity_ids,
    cast(measured.mapped_by as string) as mapped_by,
    cast(
        case
            when matched.is_blocked = false then 'present'
            when matched.is_blocked then 'present_blocked'
            when measured.is_covered then 'covered_by_default_customer'
            else 'absent'
        end as string
    ) as presence,
    cast(matched.matched_key_type as string) as matched_key_type,
    cast(matched.d365_customer_ids as string) as d365_customer_ids,
    coalesce(matched.has_d365_duplicates, false) as has_d365_duplicates,
    coalesce(matched.has_key_conflict, false) as has_key_conflict,
    cast(measured.order_count as bigint) as order_count,
    cast(measured.open_order_count as bigint) as open_order_count,
    cast(measured.first_order_at as timestamp) as first_order_at,
    cast(measured.last_order_at as timestamp) as last_order_at,
    measured.is_awaiting_sync,
    measured.is_rate_missing,
    cast(measured.open_value_reporting as decimal(18, 2)) as open_value_reporting,
    cast(
        case
            when measured.has_posted_orders or documented.destination_key is not null
                then measured.posted_value_reporting
        end as decimal(18, 2)
    ) as posted_value_reporting,
    scopes.key_scope = 'headline'
        and matched.is_blocked is null
        and not measured.is_covered
        and headline.card_id is not null as is_in_headline
from measured
cross join scopes
left join matched
    on scopes.key_scope = matched.key_scope
    and measured.customer_id = matched.customer_id
    and measured.destination_key = matched.destination_key
left join documented
    on measured.destination_key = documented.destination_key
left join headline
    on measured.window_days = headline.window_days
