-- Grain: one absent customer of the headline and expected destination, with the record of its
-- import file and whether it goes into one. import_state: ready; invalid (D365 would reject it);
-- withheld (the suggested action is not to create a customer).
with

records as (
    select * from {{ ref('onboarding_customer_records') }}
),

absences as (
    select * from {{ ref('onboarding_absences') }}
),

actions as (
    select * from {{ ref('onboarding_actions') }}
)

select
    records.worklist_key,
    cast(absences.worklist_rank as int) as worklist_rank,
    records.customer_id,
    records.destination_key,
    records.expected_legal_entity_id,
    records.erp,
    records.erp_code,
    cast(
        case
            when absences.failing_fields is not null then 'invalid'
            when actions.creates_customer then 'ready'
            else 'withheld'
        end as string
    ) as import_state,
    absences.primary_reason,
    records.external_id,
    records.account_number,
    records.party_type,
    case when records.erp = 'fo' then records.party_number end as party_number,
    records.customer_name,
    records.person_first_name,
    records.person_last_name,
    records.email,
    records.tax_id,
    records.country_code,
    records.country_code_3,
    records.street,
    records.city,
    records.postal_code,
    records.customer_group_id,
    records.currency_code,
    records.payment_terms_id,
    records.language_id
from records
inner join absences
    on records.worklist_key = absences.worklist_key
left join actions
    on absences.primary_reason = actions.primary_reason
    and records.segment_code = actions.segment_code
