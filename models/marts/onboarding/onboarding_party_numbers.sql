-- Grain: one commerce customer that F&O holds in some company as exactly one party: a customer in
-- another company is created for that party, not for a second one.
with

xref_d365 as (
    select * from {{ ref('xref_customer_d365') }}
    where key_scope = 'headline'
),

d365_customers as (
    select * from {{ ref('dim_d365_customers') }}
    where party_number is not null
)

select
    xref_d365.customer_id,
    cast(max(d365_customers.party_number) as string) as party_number
from xref_d365
inner join d365_customers
    on xref_d365.d365_customer_key = d365_customers.d365_customer_key
group by xref_d365.customer_id
having count(distinct d365_customers.party_number) = 1
