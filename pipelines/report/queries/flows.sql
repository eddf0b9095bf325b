select instance, flow_name, purpose, flow_state, flow_health, last_run_at, last_success_at
from cards.dim_flows
order by flow_name, instance
