-- The subject of a customer, as its id or one of its subject keys names it: the company, else the
-- account, else the guest; beside the accounts of D365 of a number, those of the entity first.
-- kind: subject or account; place: what the row of onboarding_decisions calls it.
select 'subject' as kind, true as is_wanted, subject_key as place, null as number, subject_name as name
from (
    from intermediate.int_customers
    where customer_id in (
        select customer_id from intermediate.int_customers
        where {{ customer }} in (customer_id, lower(subject_key))
    )
    order by subject_type = 'guest', subject_type = 'account', subject_key
    limit 1
)
union all
select distinct 'account', {{ entity }} in (
    lower(coalesce(parties.legal_entity_id, parties.erp_code)), lower(sharing.legal_entity_id)
), coalesce(parties.legal_entity_id, parties.erp_code), parties.d365_customer_id, parties.customer_name
from intermediate.int_erp_parties as parties
left join seeds.field_map_legal_entities as sharing
    on parties.legal_entity_id = sharing.customer_master_legal_entity_id
where parties.d365_system != 'dataverse'
    and lower(trim(parties.d365_customer_id)) = {{ account }}
order by kind desc, is_wanted desc
