-- next to the flow card: a flow that is off has no failed runs, an unrecorded run fails silently
select
    distinct_failed_run_count, off_flow_count, suspended_flow_count, stale_flow_count,
    ingestion_gap_count
from cards.card_flow_health
where as_of_date = $as_of and failed_run_count is not null
