-- What: the customers with is_in_headline in fct_customer_presence are those of the card.
-- When it matters: always. Onboarding, near matches and duplicates read is_in_headline.
-- How to fix: compare presence and customer_presence of the customer in fct_customer_presence.
with

listed as (
    select distinct customer_id from {{ ref('fct_customer_presence') }}
    where is_in_headline
),

counted as (
    select * from {{ ref('card_ecom_customers_absent_from_d365_customer_master') }}
)

select
    coalesce(listed.customer_id, counted.customer_id) as customer_id,
    listed.customer_id is not null as is_listed,
    counted.customer_id is not null as is_counted
from listed
full outer join counted
    on listed.customer_id = counted.customer_id
where listed.customer_id is null or counted.customer_id is null
