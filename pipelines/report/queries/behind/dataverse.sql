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
