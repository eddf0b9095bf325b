-- Grain: one subject of an order of the look-back, with the commerce customer it is part of. The id
-- is stable from run to run: it is derived from the smallest subject key of the customer.
with

subjects as (
    select * from {{ ref('int_subjects_listed') }}
),

identities as (
    select * from {{ ref('int_customer_identities_resolved') }}
)

select
    subjects.subject_key,
    md5(coalesce(identities.customer_root, subjects.subject_key)) as customer_id,
    subjects.platform,
    subjects.instance,
    subjects.subject_type,
    subjects.subject_name,
    subjects.country_code,
    subjects.postal_code,
    subjects.city,
    subjects.street,
    subjects.phone
from subjects
left join identities
    on subjects.subject_key = identities.subject_key
