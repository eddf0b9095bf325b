-- Grain: one name, e-mail, tax id, phone number and address together of one absent customer (side
-- commerce) or D365 customer (side d365): a holder with two e-mails has two records. Catch-all and
-- one-time D365 customers are nobody's near match.
with

listed_values as (
    select * from {{ ref('int_near_match_values_listed') }}
),

absent_customers as (
    select * from {{ ref('int_absent_customers_listed') }}
),

subjects as (
    select * from {{ ref('int_customers_identified') }}
),

d365_customers as (
    select * from {{ ref('int_d365_customers_unioned') }}
    where not is_one_time_customer
),

default_customers as (
    select * from {{ ref('field_map_default_customers') }}
),

holders as (
    select distinct
        'commerce' as side,
        absent_customers.customer_id as holder_key,
        subjects.street,
        subjects.city,
        subjects.postal_code,
        subjects.country_code
    from absent_customers
    inner join subjects
        on absent_customers.customer_id = subjects.customer_id
    union all
    select
        'd365' as side,
        d365_customers.d365_customer_key as holder_key,
        d365_customers.street,
        d365_customers.city,
        d365_customers.postal_code,
        d365_customers.country_code
    from d365_customers
    where not exists (
        select 1 from default_customers
        where default_customers.legal_entity_id = d365_customers.legal_entity_id
            and lower(trim(default_customers.d365_customer_id))
                = lower(trim(d365_customers.d365_customer_id))
    )
)

select
    holders.side,
    holders.holder_key,
    name_values.value_text as holder_name,
    email_values.value_text as email,
    tax_id_values.value_text as tax_id,
    phone_values.value_text as phone,
    holders.street,
    holders.city,
    holders.postal_code,
    holders.country_code
from holders
{% for value_type in ['name', 'email', 'tax_id', 'phone'] %}
left join listed_values as {{ value_type }}_values
    on holders.side = {{ value_type }}_values.side
    and holders.holder_key = {{ value_type }}_values.holder_key
    and {{ value_type }}_values.value_type = '{{ value_type }}'
{% endfor %}
