-- Grain: one key value of one subject, with its fields as the field map calls them.
-- subject_count: how many subjects the value would connect; NULL when it connects no one: not a
-- field of the headline, not the subject's own (an e-mail may be the buyer's), or a key type that
-- merges no one. A number of a D365 customer connects only where orders of both subjects are
-- expected: a row for each of these destinations (merges_in; '' is everywhere), in terms of the
-- entities whose customer masters count.
{# written twice: the count reads few columns #}
{% set placed %}
    select
        judged.*,
        coalesce(subject_destinations.merges_in, '') as merges_in
    from judged
    left join subject_destinations
        on case when judged.is_connecting and judged.is_company_number then judged.subject_key end
            = subject_destinations.subject_key
{% endset %}
with

subject_fields as (
    select * from {{ ref('int_subject_fields') }}
),

mapped_fields as (
    select
        platform,
        source_field,
        key_type,
        bool_or(key_scope = 'headline') as is_headline,
        bool_or(key_scope = 'headline' and is_company_number) as is_company_number
    from {{ ref('int_match_keys_active') }}
    group by platform, source_field, key_type
),

valued as (
    select
        subject_fields.*,
        {{ key_of('subject_fields') }} as key_value,
        mapped_fields.is_headline,
        mapped_fields.is_company_number
    from subject_fields
    inner join mapped_fields
        on mapped_fields.platform in ('*', subject_fields.platform)
        and subject_fields.mapped_field = mapped_fields.source_field
        and subject_fields.key_type = mapped_fields.key_type
    {{ joined_keys('subject_fields') }}
),

subject_keys as (
    select
        subject_key,
        key_type,
        key_value,
        bool_or(subject_type = 'company') as is_company,
        array_agg(mapped_field) as fields,
        bool_or(is_headline) as is_headline,
        bool_or(is_headline and is_own) as is_own,
        bool_and(is_company_number or not (is_headline and is_own))
        and bool_or(is_company_number) as is_company_number
    from valued
    where key_value is not null
    group by subject_key, key_type, key_value
),

judged as (
    select
        *,
        is_headline and case merge_rule when 'companies' then is_own else merge_rule = 'persons' end
            as is_connecting
    from (select *, {{ by_key_type('merges') }} as merge_rule from subject_keys) as subject_keys
),

orders as (
    select order_key, order_date, subject_key
    from {{ ref('int_orders') }}
    where is_store_in_scope
        and subject_key in (select judged.subject_key from judged where judged.is_company_number)
),

held_keys as (
    select subject_key, key_type, key_value from judged where is_headline
    union all
    select distinct subject_key, 'subject', subject_key from judged
),

{{ winning_candidates('subject_key') }}

destinations as (
    select
        candidates.order_key,
        {{ sorted_list('legal_entities.customer_master_legal_entity_id') }} as merges_in
    from candidates
    inner join {{ ref('field_map_legal_entities') }} as legal_entities
        on candidates.legal_entity_id = legal_entities.legal_entity_id
    group by candidates.order_key
),

subject_destinations as (
    select distinct
        orders.subject_key,
        coalesce(destinations.merges_in, '(unmapped)') as merges_in
    from orders
    left join destinations
        on orders.order_key = destinations.order_key
),

-- most values are of one subject
shared as (
    select key_type, key_value, merges_in, count(*) as subject_count
    from ({{ placed }}) as placed
    where is_connecting
    group by key_type, key_value, merges_in
    having count(*) > 1
),

counted as (
    select
        placed.*,
        case when placed.is_connecting then coalesce(shared.subject_count, 1) end as subject_count
    from ({{ placed }}) as placed
    left join shared
        on placed.key_type = shared.key_type
        and placed.key_value = shared.key_value
        and placed.merges_in = shared.merges_in
)

select
    subject_key,
    is_company,
    key_type,
    key_value,
    fields,
    is_headline,
    is_own,
    merge_rule = 'companies' as merges_companies,
    merges_in,
    subject_count,
    coalesce(subject_count <= {{ var('max_subjects_per_key') }}, false) as is_merging
from counted
