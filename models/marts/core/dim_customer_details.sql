-- Grain: one commerce customer and destination with what a D365 customer record would hold of it.
-- Name and address are those of its newest order there, an order for a company before one of an
-- account before one of a guest.
with

orders as (
    select * from {{ ref('int_orders_mapped') }}
    where is_active and customer_id is not null
),

emails as (
    select * from {{ ref('int_customer_emails_chosen') }}
),

tax_ids as (
    select * from {{ ref('int_customer_tax_ids_chosen') }}
),

countries as (
    select * from {{ ref('iso_countries') }}
),

ranked as (
    select
        customer_id,
        destination_key,
        subject_type,
        subject_key,
        {{ one_line('company_name') }} as company_name,
        {{ one_line('person_name') }} as person_name,
        country_code,
        country_text,
        {{ one_line('street') }} as street,
        {{ one_line('city') }} as city,
        {{ one_line('postal_code') }} as postal_code,
        row_number() over (
            partition by customer_id, destination_key
            order by
                case subject_type when 'company' then 1 when 'account' then 2 else 3 end asc,
                ordered_at desc,
                order_key desc
        ) as order_rank
    from orders
)

select
    cast(ranked.customer_id as string) as customer_id,
    cast(ranked.destination_key as string) as destination_key,
    cast(ranked.subject_type as string) as subject_type,
    cast(
        case ranked.subject_type
            when 'company' then replace(ranked.subject_key, ':company:', ':')
            when 'account' then replace(ranked.subject_key, ':account:', ':')
            else 'guest:' || ranked.customer_id
        end as string
    ) as external_id,
    cast(ranked.company_name as string) as company_name,
    cast(ranked.person_name as string) as person_name,
    -- the last word is the last name; a single word is a first name
    cast(
        coalesce(
            nullif({{ replace_pattern('ranked.person_name', ' ?[^ ]*$') }}, ''),
            ranked.person_name
        ) as string
    ) as person_first_name,
    cast(
        case
            when contains(ranked.person_name, ' ')
                then {{ replace_pattern('ranked.person_name', '^.* ') }}
        end as string
    ) as person_last_name,
    cast(emails.email as string) as email,
    cast(emails.email_text as string) as email_text,
    cast(tax_ids.tax_id as string) as tax_id,
    cast(tax_ids.tax_id_text as string) as tax_id_text,
    tax_ids.is_tax_id_valid,
    cast(ranked.country_code as string) as country_code,
    cast(countries.country_code_3 as string) as country_code_3,
    cast(ranked.country_text as string) as country_text,
    cast(ranked.street as string) as street,
    cast(ranked.city as string) as city,
    cast(ranked.postal_code as string) as postal_code
from ranked
left join emails
    on ranked.customer_id = emails.customer_id
left join tax_ids
    on ranked.customer_id = tax_ids.customer_id
left join countries
    on ranked.country_code = countries.country_code
where ranked.order_rank = 1
