-- Grain: one failed primary run of a flow of the ecom integration in the window. A retry is
-- a run of its own and counts; is_first_attempt is false for the further failed runs of the same
-- trigger.
with

flow_runs as (
    select * from {{ ref('fct_flow_runs') }}
    where is_failed and is_primary
),

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'power_automate_flow_failures'
        and is_measurable
),

failed as (
    select
        flow_runs.*,
        row_number() over (
            partition by flow_runs.instance, flow_runs.flow_id, flow_runs.run_name
            order by flow_runs.started_at asc, flow_runs.flow_run_key asc
        ) as attempt_number
    from flow_runs
    inner join cards
        on {{ in_window('flow_runs.started_at', 'cards') }}
)

select
    flow_run_key,
    flow_id,
    flow_name,
    purpose,
    started_at,
    error_code,
    attempt_number = 1 as is_first_attempt
from failed
