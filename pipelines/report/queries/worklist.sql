-- every column of the contract except the key (customer and destination); also for the file
select
    worklist_rank, customer_id, customer_name, segment_code, platforms, platform_customers,
    emails, tax_ids, is_tax_id_valid, expected_legal_entity_id, mapping_status, mapped_by,
    candidate_legal_entity_ids, order_count, blocked_order_count, first_order_at,
    last_order_at, blocked_value_reporting, reporting_currency_code, blocked_values,
    posted_value_reporting, posted_values, is_rate_missing, is_awaiting_sync, is_in_dataverse,
    dataverse_ids, other_legal_entity_ids, other_d365_customer_ids,
    near_match_d365_customer_ids, near_match_score, failed_flow_run_ids, failing_fields,
    failing_reasons, primary_reason, suggested_action, owner, first_seen_date, days_open,
    aging_bucket, is_reopened, set_aside_until, set_aside_by, set_aside_note
from worklist.onboarding_worklist
order by set_aside_until is not null, worklist_rank
