-- Grain: one pair of customers of the worklist that may be one: create one, not two. They share an
-- e-mail (two companies stay two), a tax number under two countries, a company name, or a name and
-- postal code, though no key connects them. Nothing is merged.
with

listed_values as (
    select * from {{ ref('onboarding_near_match_records') }}
    where side = 'commerce'
),

subjects as (
    select
        customer_id,
        postal_code,
        country_code,
        company_name,
        coalesce(company_name, person_name) as customer_name
    from {{ ref('int_customers') }}
    where customer_id in (select listed_values.holder_key from listed_values)
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
    select holder_key, 'email', email from listed_values
    union
    select holder_key, 'tax_number', {{ replace_pattern('tax_id', '[^0-9]') }}
    from listed_values
    where length({{ replace_pattern('tax_id', '[^0-9]') }}) >= {{ var('min_tax_id_length') }}
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
    -- what more customers share says nothing
    select * from counted
    where holder_count between 2 and {{ var('max_subjects_per_key') }}
),

pairs as (
    select
        ones.customer_id,
        others.customer_id as other_customer_id,
        {{ sorted_list('ones.shared') }} as shared,
        count(distinct ones.shared) as shared_count
    from rare as ones
    inner join rare as others
        on ones.shared = others.shared
        and ones.trait = others.trait
        and ones.customer_id < others.customer_id
    group by ones.customer_id, others.customer_id
),

customers as (
    select * from {{ ref('dim_commerce_customers') }}
)

select
    cast(pairs.customer_id as string) as customer_id,
    cast(pairs.other_customer_id as string) as other_customer_id,
    customers.customer_name,
    others.customer_name as other_customer_name,
    customers.platform_customers,
    others.platform_customers as other_platform_customers,
    cast(pairs.shared as string) as shared,
    cast(pairs.shared_count as int) as shared_count
from pairs
left join customers
    on pairs.customer_id = customers.customer_id
left join customers as others
    on pairs.other_customer_id = others.customer_id
