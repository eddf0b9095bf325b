select legal_entity_id, source_name, guard_state, row_count, guard_reason
from core.fct_master_guard
