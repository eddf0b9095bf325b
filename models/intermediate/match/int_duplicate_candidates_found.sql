-- Grain: one thing that two absent customers share although no key connects them: an e-mail (two
-- companies stay two), a tax number under two countries, a company name, a name and postal code.
with

listed_values as (
    select * from {{ ref('int_near_match_values_listed') }}
    where side = 'commerce'
),

absent_customers as (
    select * from {{ ref('int_absent_customers_listed') }}
),

subjects as (
    select
        customers.customer_id,
        customers.postal_code,
        customers.country_code,
        subjects.company_name,
        coalesce(subjects.company_name, subjects.person_name) as customer_name
    from {{ ref('int_customers_identified') }} as customers
    inner join {{ ref('int_subjects_listed') }} as subjects
        on customers.subject_key = subjects.subject_key
    inner join absent_customers
        on customers.customer_id = absent_customers.customer_id
),

traits as (
    select customer_id, 'company_name' as shared, {{ canonical_name('company_name') }} as trait
    from subjects
    union
    select
        customer_id,
        'name_and_postal_code',
        {{ canonical_name('customer_name') }} || '|' || {{ canonical_name('postal_code') }}
            || '|' || country_code
    from subjects
    union
    select holder_key, 'email', value_text from listed_values where value_type = 'email'
    union
    select holder_key, 'tax_number', {{ replace_pattern('value_text', '[^0-9]') }}
    from listed_values
    where value_type = 'tax_id'
        and length({{ replace_pattern('value_text', '[^0-9]') }}) >= {{ var('min_tax_id_length') }}
),

counted as (
    select
        customer_id,
        shared,
        trait,
        count(*) over (partition by shared, trait) as holder_count
    from traits
    where trait != '' and left(trait, 1) != '|'
),

rare as (
    -- what more customers share tells nothing
    select * from counted
    where holder_count between 2 and {{ var('max_subjects_per_key') }}
)

select distinct
    ones.customer_id,
    others.customer_id as other_customer_id,
    ones.shared
from rare as ones
inner join rare as others
    on ones.shared = others.shared
    and ones.trait = others.trait
    and ones.customer_id < others.customer_id
