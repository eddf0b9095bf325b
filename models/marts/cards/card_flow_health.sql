-- Grain: the one row of this as-of. Shown next to the flow card: attempts, distinct runs,
-- flows that cannot fail because they do not run, and gaps in the record. Counts are NULL while the
-- flow card is not measurable.
with

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'power_automate_flow_failures'
),

failures as (
    select
        count(*) as failed_run_count,
        count(case when is_first_attempt then 1 end) as distinct_failed_run_count
    from {{ ref('card_power_automate_flow_failures') }}
),

flows as (
    select
        count(*) as flow_count,
        count(case when flow_health = 'off' then 1 end) as off_flow_count,
        count(case when flow_health = 'suspended' then 1 end) as suspended_flow_count,
        count(case when flow_health = 'stale' then 1 end) as stale_flow_count,
        {{ sorted_list("case when flow_health != 'healthy' "
            ~ "then flow_name || ' (' || flow_health || ')' end") }} as unhealthy_flows
    from {{ ref('dim_flows') }}
),

gaps as (
    select
        count(*) as gap_count,
        {{ sorted_list('gaps.event_code') }} as gap_codes
    from {{ ref('fct_flow_gaps') }} as gaps
    inner join cards
        on {{ in_window('gaps.recorded_at', 'cards') }}
),

judged as (
    select
        cards.as_of_date,
        cards.is_measurable,
        cards.are_flow_events_loaded,
        failures.*,
        flows.*,
        gaps.*
    from cards
    cross join failures
    cross join flows
    cross join gaps
)

select
    as_of_date,
    cast(case when is_measurable then failed_run_count end as bigint) as failed_run_count,
    cast(case when is_measurable then distinct_failed_run_count end as bigint)
        as distinct_failed_run_count,
    cast(case when is_measurable then flow_count end as bigint) as flow_count,
    cast(case when is_measurable then off_flow_count end as bigint) as off_flow_count,
    cast(case when is_measurable then suspended_flow_count end as bigint) as suspended_flow_count,
    cast(case when is_measurable then stale_flow_count end as bigint) as stale_flow_count,
    cast(unhealthy_flows as string) as unhealthy_flows,
    cast(case when is_measurable and are_flow_events_loaded then gap_count end as bigint)
        as ingestion_gap_count,
    cast(gap_codes as string) as ingestion_gap_codes
from judged
