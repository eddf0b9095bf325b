-- Grain: one absent customer of the headline and expected destination, with the record of its
-- import file and whether it goes into one. import_state: ready; invalid (D365 would reject it);
-- not_configured (the field map has no template row); withheld (the suggested action is not to
-- create a customer, it is set aside, or another row of the customer creates it in the same
-- customer master, or in F&O its party, whose number a later file has).
with

records as (
    select * from {{ ref('onboarding_customer_records') }}
),

absences as (
    select * from {{ ref('onboarding_absences') }}
),

actions as (
    select * from {{ ref('onboarding_actions') }}
),

judged as (
    select
        records.worklist_key,
        cast(absences.worklist_rank as int) as worklist_rank,
        absences.primary_reason,
        case
            when absences.failing_fields is not null then 'invalid'
            when not records.has_template then 'not_configured'
            when actions.creates_customer and absences.set_aside_until is null then 'ready'
            else 'withheld'
        end as import_state
    from records
    inner join absences
        on records.worklist_key = absences.worklist_key
    left join actions
        on absences.primary_reason = actions.primary_reason
        and records.segment_code = actions.segment_code
)

select
    records.worklist_key,
    judged.worklist_rank,
    records.customer_id,
    records.destination_key,
    records.expected_legal_entity_id,
    records.erp,
    records.erp_code,
    cast(
        case
            when judged.import_state = 'ready' and row_number() over (
                partition by
                    records.customer_id,
                    judged.import_state,
                    records.erp,
                    case
                        when records.erp != 'fo' or records.party_number is not null
                            then records.erp_code
                    end
                order by judged.worklist_rank asc
            ) > 1 then 'withheld'
            else judged.import_state
        end as string
    ) as import_state,
    judged.primary_reason,
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
inner join judged
    on records.worklist_key = judged.worklist_key
