"""The queries of the page, one per part. Sums are of decimals.

A breakdown has the columns label, item_count, value (NULL: none, or no rate) and unrated_count.
"""

from __future__ import annotations

from pipelines.publish.cards import HEADLINE

CARDS = """
select
    card_values.*,
    coalesce(dim_cards.grace_days, 0) as grace_days,
    dim_cards.window_hours,
    dim_cards.has_segments,
    dim_cards.has_reporting_value
from cards.card_values
inner join cards.dim_cards
    on card_values.card_id = dim_cards.card_id
where card_values.as_of_date = (select max(as_of_date) from cards.card_values)
order by card_values.card_order
"""

HISTORY = """
select as_of_date, value, is_backfilled
from cards.card_history
where card_id = $card_id and as_of_date between $start and $as_of
order by as_of_date
"""

_ABSENT = f"cards.card_{HEADLINE}"
# the marts write 0 if no order has a rate: not a value
_RATED = "not is_rate_missing or blocked_value_reporting <> 0"
BY_SEGMENT = f"""
select
    segment_code as label,
    count(*) as item_count,
    sum(blocked_value_reporting) filter (where {_RATED}) as value,
    count(*) filter (where is_rate_missing) as unrated_count
from {_ABSENT}
group by all
order by label
"""

BY_PLATFORM = f"""
select
    platforms as label,
    count(*) as item_count,
    sum(blocked_value_reporting) filter (where {_RATED}) as value,
    count(*) filter (where is_rate_missing) as unrated_count
from {_ABSENT}
group by all
order by item_count desc, label
"""

# A customer expected in two entities is in both rows; the values add up to the card's.
BY_ENTITY = f"""
select
    coalesce(entities.legal_entity_name, presence.expected_legal_entity_id) as label,
    presence.mapping_status,
    presence.candidate_legal_entity_ids,
    count(distinct presence.customer_id) as item_count,
    sum(presence.open_value_reporting) filter (
        where not presence.is_rate_missing or presence.open_value_reporting <> 0
    ) as value,
    count(distinct presence.customer_id) filter (where presence.is_rate_missing) as unrated_count
from cards.fct_customer_presence as presence
inner join cards.dim_cards
    on presence.window_days = dim_cards.window_days
    and presence.key_scope = dim_cards.key_scope
left join cards.dim_legal_entities as entities
    on presence.expected_legal_entity_id = entities.legal_entity_id
where dim_cards.card_id = '{HEADLINE}' and presence.presence = 'absent'
group by all
order by value desc nulls last, label
"""

TOP = """
select
    customer_id,
    min(worklist_rank) as first_rank,
    any_value(customer_name) as label,
    any_value(segment_code) as segment_code,
    sum(blocked_value_reporting) as value
from worklist.onboarding_worklist
group by customer_id
order by value desc nulls last, first_rank
limit $top
"""

BREAKDOWNS = {
    "ecom_customers_absent_from_d365": f"""
        select
            case
                when headline.customer_id is null then 'Only the twin counts them'
                when twin.customer_id is null then 'Only the headline counts them'
                else 'The headline counts them too'
            end as label,
            count(*) as item_count,
            sum(coalesce(twin.blocked_value_reporting, headline.blocked_value_reporting)) as value,
            0 as unrated_count
        from cards.card_ecom_customers_absent_from_d365 as twin
        full join {_ABSENT} as headline
            on twin.customer_id = headline.customer_id
        group by all
        order by label desc
    """,
    "customers_in_dataverse_not_promoted_to_d365": """
        select
            eligibility_reason as label, count(*) as item_count, null as value, 0 as unrated_count
        from cards.card_customers_in_dataverse_not_promoted_to_d365
        group by all
        order by item_count desc, label
    """,
    "commerce_orders_without_business_central_sales_order": """
        select
            reason as label,
            count(*) as item_count,
            sum(order_value_reporting) as value,
            count(*) filter (where order_value_reporting is null) as unrated_count
        from cards.card_commerce_orders_without_business_central_sales_order
        group by all
        order by item_count desc, label
    """,
    "ecom_orders_missing_d365_free_text_invoice": """
        select
            case when has_sales_order then 'With a sales order' else 'Without a sales order' end
                as label,
            count(*) as item_count,
            sum(order_value_reporting) as value,
            count(*) filter (where order_value_reporting is null) as unrated_count
        from cards.card_ecom_orders_missing_d365_free_text_invoice
        group by all
        order by label desc
    """,
    "active_customers": """
        select presence as label, count(*) as item_count, null as value, 0 as unrated_count
        from cards.card_active_customers
        group by all
        order by label
    """,
    "power_automate_flow_failures": """
        select flow_name as label, count(*) as item_count, null as value, 0 as unrated_count
        from cards.card_power_automate_flow_failures
        group by all
        order by item_count desc, label
    """,
}

MASTERS = """
select
    guard.*,
    coalesce(entities.legal_entity_name, guard.legal_entity_id) as legal_entity_name
from cards.fct_master_guard as guard
left join cards.dim_legal_entities as entities
    on guard.legal_entity_id = entities.legal_entity_id
order by guard.legal_entity_id
"""

STORES = """
select
    platform,
    instance,
    count(*) as order_count,
    max(ordered_at) as newest_order_at
from cards.fct_orders
group by all
order by all
"""

FLOWS = """
select instance, flow_name, purpose, flow_state, flow_health, last_run_at, last_success_at
from cards.dim_flows
order by flow_name, instance
"""

# next to the flow card: a flow that is off has no failed runs, an unrecorded run fails silently
FLOW_HEALTH = """
select
    distinct_failed_run_count, off_flow_count, suspended_flow_count, stale_flow_count,
    ingestion_gap_count
from cards.card_flow_health
where as_of_date = $as_of and failed_run_count is not null
"""

REJECTED = """
select source_name, resource_name, column_name, reason, count(*) as value_count
from worklist.rejected_records
group by all
order by value_count desc, source_name, resource_name, column_name, reason
limit 50
"""

RECONCILIATION = """
select
    reason,
    effect,
    count(*) as customer_count
from worklist.onboarding_reconciliation
group by reason, effect
order by effect
"""

# Largest first; the page shows some of each reason and effect, and the total.
RECONCILED_CUSTOMERS = """
select reason, effect, customer_name, segment_code, detail, blocked_value_reporting
from worklist.onboarding_reconciliation
qualify row_number() over (
    partition by reason, effect
    order by blocked_value_reporting desc nulls last, customer_name, party_key
) <= $shown
order by blocked_value_reporting desc nulls last, customer_name, party_key
"""

TWIN = """
select counted_by, count(*) as customer_count
from worklist.onboarding_headline_vs_twin
group by all
"""

TWIN_CUSTOMERS = """
select
    counted_by, customer_name, segment_code, cause, d365_customer_ids,
    coalesce(headline_blocked_value_reporting, twin_blocked_value_reporting) as value
from worklist.onboarding_headline_vs_twin
where counted_by <> 'both'
order by value desc nulls last, customer_name, customer_id
limit $shown
"""

SENSITIVITY = """
from worklist.onboarding_key_sensitivity
order by is_headline desc, key_type_count desc, absent_customer_count, key_types
"""

ORDER_CARD = """
select is_measurable from cards.dim_cards
where card_id = 'commerce_orders_without_business_central_sales_order'
"""

TIE_OUT = """
select counted_by, cause, count(*) as order_count, sum(order_value_reporting) as value
from cards.card_order_tie_out
group by all
order by order_count desc, counted_by, cause
"""

DUPLICATES = """
select customer_name, other_customer_name, shared, count(*) over () as total
from worklist.onboarding_duplicate_candidates
order by shared_count desc, customer_name, other_customer_name
limit $shown
"""

SHARED_KEYS = """
select
    shared.legal_entity_id, shared.key_type, shared.key_value, shared.d365_customer_ids,
    shared.d365_customer_names, shared.is_used_by_commerce, count(*) over () as total
from worklist.d365_shared_keys as shared
order by shared.is_used_by_commerce desc, shared.d365_customer_count desc, shared.key_value
limit $shown
"""

UNIDENTIFIABLE = """
select
    count(*) as order_count,
    sum(order_value_reporting) as value,
    count(*) filter (where order_value_reporting is null) as unrated_count
from worklist.onboarding_unidentifiable_orders
"""

# every column of the contract except the key (customer and destination); also for the file
WORKLIST = """
select
    worklist_rank, customer_id, customer_name, segment_code, platforms, platform_customers,
    emails, tax_ids, is_tax_id_valid, expected_legal_entity_id, mapping_status, mapped_by,
    candidate_legal_entity_ids, order_count, blocked_order_count, first_order_at,
    last_order_at, blocked_value_reporting, reporting_currency_code, blocked_values,
    posted_value_reporting, is_rate_missing, is_awaiting_sync, is_in_dataverse,
    dataverse_ids, other_legal_entity_ids, other_d365_customer_ids,
    near_match_d365_customer_ids, near_match_score, failed_flow_run_ids, failing_fields,
    failing_reasons, primary_reason, suggested_action, owner, first_seen_date, days_open,
    aging_bucket, is_reopened
from worklist.onboarding_worklist
order by worklist_rank
"""

# The rest belongs to the worklist row with this `rank`.
ORDERS = """
select
    worklist.worklist_rank as rank,
    orders.order_reference,
    orders.platform,
    orders.instance,
    orders.ordered_at,
    orders.raw_status,
    orders.country_code,
    orders.order_currency_code,
    orders.order_value,
    orders.order_value_reporting,
    case
        when orders.is_posted then 'already posted'
        when orders.is_awaiting_sync then 'blocked, awaiting sync'
        when orders.is_blocked then 'blocked'
        else 'not blocked'
    end as state
from worklist.onboarding_orders as orders
inner join worklist.onboarding_worklist as worklist
    on orders.customer_id || '|' || orders.destination_key = worklist.worklist_key
order by rank, orders.ordered_at, orders.order_key
"""

KEYS_TRIED = """
select
    worklist.worklist_rank as rank,
    coalesce(entities.legal_entity_name, tried.legal_entity_id) as legal_entity_name,
    tried.source_field,
    tried.key_values,
    tried.d365_field,
    tried.outcome,
    coalesce(tried.unusable_because, tried.found_records) as detail
from worklist.onboarding_keys_tried as tried
inner join worklist.onboarding_worklist as worklist
    on tried.worklist_key = worklist.worklist_key
left join cards.dim_legal_entities as entities
    on tried.legal_entity_id = entities.legal_entity_id
order by rank, legal_entity_name, tried.outcome = 'no_value', tried.precedence, tried.match_key_id
"""

FAILURES = """
select
    worklist.worklist_rank as rank,
    failures.failing_field,
    failures.d365_field,
    failures.problem,
    failures.max_length,
    coalesce(fields.field_value, fields.field_text) as value
from worklist.onboarding_validation_failures as failures
inner join worklist.onboarding_worklist as worklist
    on failures.worklist_key = worklist.worklist_key
left join worklist.onboarding_record_fields as fields
    on failures.worklist_key = fields.worklist_key
    and failures.field_name = fields.field_name
order by rank, failures.failing_field, failures.problem
"""

NEAR_MATCHES = """
select
    worklist.worklist_rank as rank,
    matches.d365_customer_name,
    matches.d365_customer_id,
    matches.legal_entity_id,
    matches.is_blocked,
    matches.score,
    matches.driven_by
from worklist.onboarding_near_matches as matches
inner join worklist.onboarding_worklist as worklist
    on matches.customer_id = worklist.customer_id
order by rank, matches.match_rank
"""

TWINS_OF_A_CUSTOMER = """
with pairs as (
    select customer_id, other_customer_name as other_name, shared
    from worklist.onboarding_duplicate_candidates
    union all
    select other_customer_id, customer_name, shared
    from worklist.onboarding_duplicate_candidates
)

select worklist.worklist_rank as rank, pairs.other_name, pairs.shared
from pairs
inner join worklist.onboarding_worklist as worklist
    on pairs.customer_id = worklist.customer_id
order by rank, pairs.other_name
"""

DATAVERSE = """
select
    worklist.worklist_rank as rank,
    found.dataverse_table,
    found.dataverse_id,
    dataverse.account_number,
    dataverse.company_code,
    dataverse.eligibility_reason
from worklist.xref_customer_dataverse as found
inner join worklist.onboarding_worklist as worklist
    on found.customer_id = worklist.customer_id
left join worklist.dim_dataverse_customers as dataverse
    on found.dataverse_key = dataverse.dataverse_key
group by all
order by rank, found.dataverse_id
"""

IMPORTS = """
select worklist.worklist_rank as rank, records.import_state
from worklist.onboarding_import_records as records
inner join worklist.onboarding_worklist as worklist
    on records.worklist_key = worklist.worklist_key
"""
