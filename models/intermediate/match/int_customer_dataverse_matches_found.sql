-- Grain: one Dataverse account or contact that a headline key of one commerce customer resolves to.
with

subject_keys as (
    select * from {{ ref('int_subject_keys_normalised') }}
    where key_scope = 'headline'
),

customers as (
    select * from {{ ref('int_customers_identified') }}
),

dataverse_keys as (
    select * from {{ ref('int_d365_keys_normalised') }}
    where d365_system = 'dataverse'
)

select
    customers.customer_id,
    dataverse_keys.holder_key as dataverse_key,
    min(subject_keys.key_type) as matched_key_type
from subject_keys
inner join customers
    on subject_keys.subject_key = customers.subject_key
inner join dataverse_keys
    on subject_keys.match_key_id = dataverse_keys.match_key_id
    and subject_keys.key_value = dataverse_keys.key_value
group by customers.customer_id, dataverse_keys.holder_key
