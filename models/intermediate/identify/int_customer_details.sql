-- Grain: one commerce customer with an e-mail or tax id field: the address and the number that
-- D365 should have, and one text of each as it was written; NULL when none can be used. Usable
-- before unusable, then e-mail: the company's own before the buyer's, the account's before the
-- order's; tax id: valid before one without a known rule before a wrong one, its own before a
-- foreign one.
with

customers as (
    select * from {{ ref('int_customers') }}
),

subject_fields as (
    select * from {{ ref('int_subject_fields') }}
    where mapped_field in ('*.email', '*.tax_id')
),

checks as (
    select * from {{ ref('int_tax_id_checks') }}
),

-- without an active tax id row in the field map no tax id is judged
judging as (
    select count(*) > 0 as has_tax_id_keys
    from {{ ref('int_match_keys_active') }}
    where key_type = 'tax_id'
),

judged as (
    select
        customers.customer_id,
        subject_fields.key_type,
        subject_fields.key_text,
        subject_fields.is_own,
        case when keys.canonical_text is null then subject_fields.canonical_text
            else keys.spelled_text
        end as spelled_text,
        checks.is_tax_id_valid,
        keys.unusable_because is null
        or (subject_fields.key_type = 'tax_id' and not judging.has_tax_id_keys) as is_usable,
        case checks.is_tax_id_valid when true then 1 when false then 3 else 2 end as validity_rank,
        case subject_fields.field_name
            when 'company.email' then 1
            when 'account.email' then 2
            else 3
        end as field_rank
    from customers
    inner join subject_fields
        on customers.subject_key = subject_fields.subject_key
    cross join judging
    {{ joined_keys('subject_fields') }}
    left join checks
        on subject_fields.key_type = 'tax_id'
        and {{ key_of('subject_fields') }} = checks.tax_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id, key_type
            order by
                is_usable desc,
                validity_rank asc,
                is_own desc,
                case when key_type = 'email' then field_rank end asc,
                case when key_type = 'email' then spelled_text end asc nulls last,
                key_text asc
        ) as detail_rank
    from judged
)

select
    customer_id,
    max(case when key_type = 'email' and is_usable then spelled_text end) as email,
    max(case when key_type = 'email' then key_text end) as email_text,
    max(case when key_type = 'tax_id' and is_usable then spelled_text end) as tax_id,
    max(case when key_type = 'tax_id' then key_text end) as tax_id_text,
    bool_or(case when key_type = 'tax_id' then is_tax_id_valid end) as is_tax_id_valid
from ranked
where detail_rank = 1
group by customer_id
