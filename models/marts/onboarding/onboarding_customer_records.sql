-- Grain: one absent customer of the headline and expected destination, as the D365 customer record
-- that would be created for it. Without a resolved destination there is no entity to create it in
-- (erp `unresolved`).
with

absences as (
    select * from {{ ref('onboarding_absence_values') }}
),

active_customers as (
    select * from {{ ref('fct_active_customers') }}
    where key_scope = 'headline'
),

details as (
    select * from {{ ref('dim_customer_details') }}
),

templates as (
    select * from {{ ref('dim_customer_templates') }}
),

joined as (
    select
        absences.customer_id,
        absences.destination_key,
        absences.expected_legal_entity_id,
        active_customers.segment_code,
        details.subject_type = 'company'
            or details.person_name is null and details.company_name is not null
            or active_customers.segment_code = 'B2B' and details.company_name is not null
            as is_organization,
        templates.erp,
        templates.erp_code,
        coalesce(templates.has_template, false) as has_template,
        templates.customer_group_id,
        templates.currency_code,
        templates.payment_terms_id,
        templates.language_id,
        templates.account_number_prefix,
        details.external_id,
        details.company_name,
        details.person_name,
        details.person_first_name,
        details.person_last_name,
        details.email,
        details.email_text,
        details.tax_id,
        details.tax_id_text,
        details.is_tax_id_valid,
        details.country_code,
        details.country_code_3,
        details.country_text,
        details.street,
        details.city,
        details.postal_code
    from absences
    inner join active_customers
        on absences.customer_id = active_customers.customer_id
        and absences.window_days = active_customers.window_days
    inner join details
        on absences.customer_id = details.customer_id
        and absences.destination_key = details.destination_key
    left join templates
        on absences.expected_legal_entity_id = templates.legal_entity_id
        and active_customers.segment_code = templates.segment_code
)

select
    cast(customer_id || '|' || destination_key as string) as worklist_key,
    customer_id,
    destination_key,
    expected_legal_entity_id,
    cast(coalesce(erp, 'unresolved') as string) as erp,
    erp_code,
    segment_code,
    cast(case when is_organization then 'Organization' else 'Person' end as string) as party_type,
    external_id,
    cast(account_number_prefix || upper(left(customer_id, 12)) as string) as account_number,
    cast(case when is_organization then company_name else person_name end as string)
        as customer_name,
    cast(case when not is_organization then person_first_name end as string) as person_first_name,
    cast(case when not is_organization then person_last_name end as string) as person_last_name,
    email,
    email_text,
    tax_id,
    tax_id_text,
    is_tax_id_valid,
    country_code,
    country_code_3,
    country_text,
    street,
    city,
    postal_code,
    has_template,
    customer_group_id,
    currency_code,
    payment_terms_id,
    language_id
from joined
