-- Grain: one commerce customer with an active order in the window, destination, window length and
-- key scope. is_in_headline: the one place that says who the headline counts. From segment_code on:
-- of the customer in the window, its worst presence.
{# presence of a customer in a destination, by key scope; written twice: few have totals #}
{% set judged %}
    select scopes.key_scope, measured.*,
        matched.matched_key_type, matched.d365_customer_ids, matched.has_d365_duplicates,
        matched.has_key_conflict, matched.is_through_person,
        {{ presence('measured.is_covered_by_default_customer') }} as presence
    from measured
    -- both, also when every key row of one is switched off: then no one is found, which is not 0
    cross join (select {{ split_rows("'headline|twin'", '|') }} as key_scope) as scopes
    left join {{ ref('int_destination_matches') }} as matched
        on scopes.key_scope = matched.key_scope
        and measured.customer_id = matched.customer_id
        and measured.destination_key = matched.destination_key
{% endset %}
with

orders as (
    select windows.window_days, orders.* from {{ ref('fct_orders') }} as orders
    inner join (
        select distinct window_days, window_start_at, window_end_at
        from {{ ref('stg_cards__windows') }} where window_days is not null
    ) as windows
        on {{ in_window('orders.ordered_at', 'windows') }}
    where orders.is_active and orders.customer_id is not null
),

-- where no document of any entity of the destination was looked at, nothing is known to be posted
documented as (
    select distinct destinations.destination_key
    from {{ ref('dim_legal_entities') }} as legal_entities
    inner join (
        select distinct destination_key, legal_entity_ids from {{ ref('int_order_destinations') }}
    ) as destinations
        on array_contains(destinations.legal_entity_ids, legal_entities.legal_entity_id)
    where legal_entities.are_documents_loaded
),

in_dataverse as (
    select distinct customer_id from {{ ref('int_party_matches') }}
    where key_scope = 'headline' and dataverse_key is not null
),

measured as (
    select window_days, customer_id, destination_key, max(mapping_status) as mapping_status,
        max(expected_legal_entity_id) as expected_legal_entity_id,
        max(candidate_legal_entity_ids) as candidate_legal_entity_ids,
        {{ sorted_list('mapped_by') }} as mapped_by,
        min(order_segment_code) as segment_code, {{ sorted_list('platform') }} as platforms,
        count(*) as order_count, count(case when not is_posted then 1 end) as open_order_count,
        min(ordered_at) as first_order_at, max(ordered_at) as last_order_at,
        bool_and(is_covered_by_default_customer) as is_covered_by_default_customer,
        bool_and(is_awaiting_sync) as is_awaiting_sync,
        bool_or(is_rate_missing and not is_posted) as is_rate_missing,
        {{ rated_value('not is_posted') }} as open_value_reporting,
        {{ rated_value('is_posted') }} as posted_value
    from orders
    group by window_days, customer_id, destination_key
),

unrated as (
    {{ added_per_currency(
        '(select * from orders where is_rate_missing and not is_posted) as open_orders',
        'window_days, customer_id, destination_key', own_value(), 'unrated_values') }}
),

-- most customers have one destination; of the others the totals are more than one row
several as (
    select measured.*, totals.all_segment_code, totals.all_platforms
    from measured
    inner join (
        select orders.window_days, orders.customer_id,
            min(orders.order_segment_code) as all_segment_code,
            {{ sorted_list('orders.platform') }} as all_platforms
        from orders
        where (orders.window_days, orders.customer_id) in (
            select measured.window_days, measured.customer_id from measured
            group by measured.window_days, measured.customer_id having count(*) > 1
        )
        group by orders.window_days, orders.customer_id
    ) as totals
        on measured.window_days = totals.window_days
        and measured.customer_id = totals.customer_id
),

totals as (
    select judged.window_days, judged.key_scope, judged.customer_id,
        min(judged.all_segment_code) as segment_code, min(judged.all_platforms) as platforms,
        case
            when bool_or(judged.presence = 'absent') then 'absent'
            when bool_or(judged.presence = 'present') then 'present'
            when bool_or(judged.presence = 'present_blocked') then 'present_blocked'
            else 'covered_by_default_customer'
        end as presence,
        sum(judged.order_count) as order_count,
        sum(case when judged.presence = 'absent' then judged.open_value_reporting end) as blocked,
        bool_or(judged.presence = 'absent' and judged.is_rate_missing) as is_rate_missing
    from ({{ judged | replace('from measured', 'from several as measured') }}) as judged
    group by judged.window_days, judged.key_scope, judged.customer_id
)

select
    cast(judged.window_days as int) as window_days, cast(judged.key_scope as string) as key_scope,
    judged.customer_id, judged.destination_key, judged.mapping_status,
    judged.expected_legal_entity_id, judged.candidate_legal_entity_ids,
    cast(judged.mapped_by as string) as mapped_by, cast(judged.presence as string) as presence,
    cast(judged.matched_key_type as string) as matched_key_type,
    cast(judged.d365_customer_ids as string) as d365_customer_ids,
    coalesce(judged.has_d365_duplicates, false) as has_d365_duplicates,
    coalesce(judged.has_key_conflict, false) as has_key_conflict,
    coalesce(judged.is_through_person, false) as is_through_person,
    cast(judged.order_count as bigint) as order_count,
    cast(judged.open_order_count as bigint) as open_order_count,
    judged.first_order_at, judged.last_order_at, judged.is_awaiting_sync,
    judged.is_covered_by_default_customer, judged.is_rate_missing, unrated.unrated_values,
    cast(judged.open_value_reporting as decimal(18, 2)) as open_value_reporting,
    cast(case
        when judged.order_count > judged.open_order_count or documented.destination_key is not null
        then judged.posted_value end as decimal(18, 2)) as posted_value_reporting,
    coalesce(judged.key_scope = 'headline' and judged.presence = 'absent'
        and judged.window_days = headline.window_days and headline.is_measurable, false)
        as is_in_headline,
    coalesce(totals.segment_code, judged.segment_code) as segment_code,
    coalesce(totals.platforms, judged.platforms) as platforms,
    cast(coalesce(totals.presence, judged.presence) as string) as customer_presence,
    cast(coalesce(totals.order_count, judged.order_count) as bigint) as customer_order_count,
    cast(case when coalesce(totals.presence, judged.presence) != 'absent' then 0
        when totals.customer_id is not null then totals.blocked else judged.open_value_reporting
        end as decimal(18, 2)) as customer_blocked_value_reporting,
    coalesce(totals.is_rate_missing, judged.presence = 'absent' and judged.is_rate_missing)
        as is_customer_rate_missing,
    case
        when in_dataverse.customer_id is not null then true
        when headline.is_dataverse_loaded then false
    end as is_in_dataverse
from ({{ judged }}) as judged
left join {{ ref('dim_cards') }} as headline
    on headline.card_id = 'ecom_customers_absent_from_d365_customer_master'
left join totals
    on judged.window_days = totals.window_days and judged.key_scope = totals.key_scope
    and judged.customer_id = totals.customer_id
left join unrated
    on judged.window_days = unrated.window_days and judged.customer_id = unrated.customer_id
    and judged.destination_key = unrated.destination_key
left join documented
    on judged.destination_key = documented.destination_key
left join in_dataverse
    on judged.customer_id = in_dataverse.customer_id
