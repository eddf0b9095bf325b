select worklist.worklist_rank as rank, records.import_state
from worklist.onboarding_import_records as records
inner join worklist.onboarding_worklist as worklist
    on records.worklist_key = worklist.worklist_key
