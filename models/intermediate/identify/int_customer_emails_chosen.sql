-- Grain: one commerce customer with an e-mail field: the address D365 should hold, and one text as
-- it was written. The company's own address before the buyer's, the account's before the order's;
-- email NULL when none can be used.
with

customers as (
    select * from {{ ref('int_customers_identified') }}
),

written as (
    select
        customers.customer_id,
        fields.field_value as email_text,
        {{ split_rows('fields.field_value', ';') }} as part_text,
        fields.is_own,
        case fields.field_name
            when 'company.email' then 1
            when 'account.email' then 2
            else 3
        end as field_rank
    from customers
    inner join {{ ref('int_subject_fields_gathered') }} as fields
        on customers.subject_key = fields.subject_key
    where fields.any_field_name = '*.email'
),

canonical as (
    select
        *,
        {{ canonical_email('part_text') }} as canonical_text
    from written
),

spelled as (
    select
        canonical.customer_id,
        canonical.email_text,
        canonical.is_own,
        canonical.field_rank,
        case
            when domains.email_domain is not null
                then split_part(canonical.canonical_text, '@', 1) || '@' || domains.ascii_domain
            else canonical.canonical_text
        end as email
    from canonical
    left join {{ ref('int_email_domains_encoded') }} as domains
        on split_part(canonical.canonical_text, '@', 2) = domains.email_domain
),

judged as (
    select
        *,
        coalesce(
            ({{ is_valid_email('spelled.email') }})
            and not {{ is_ignored_key("'email'", 'spelled.email') }},
            false
        ) as is_usable
    from spelled
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id
            order by
                is_usable desc,
                is_own desc,
                field_rank asc,
                email asc nulls last,
                email_text asc
        ) as email_rank
    from judged
)

select
    customer_id,
    case when is_usable then email end as email,
    email_text
from ranked
where email_rank = 1
