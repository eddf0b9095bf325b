-- What: of every legal entity's customers with orders, one or more is in its customer master.
-- When it matters: a list of vendors or of another company, or one without e-mail, makes every
-- customer absent.
-- How to fix: deliver the list of customers, with the columns that the match keys name.
{{ config(severity='warn', group='data_platform') }}
with

presence as (
    select * from {{ ref('fct_customer_presence') }}
    where key_scope = 'headline'
),

entities as (
    select
        expected_legal_entity_id,
        count(distinct case when presence = 'absent' then customer_id end) as absent_customers,
        count(distinct case when presence like 'present%' then customer_id end) as found_customers
    from presence
    where expected_legal_entity_id is not null
    group by expected_legal_entity_id
)

select
    expected_legal_entity_id,
    absent_customers
from entities
where found_customers = 0
    and absent_customers >= 5
