-- Grain: one commerce customer: the subjects that shared keys connect, across shops and platforms.
with

subjects as (
    select * from {{ ref('int_customers') }}
),

subject_keys as (
    select * from {{ ref('int_subject_keys') }}
    where is_headline
),

tax_ids as (
    select * from {{ ref('int_tax_id_checks') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id
            order by
                case subject_type when 'company' then 1 when 'account' then 2 else 3 end asc,
                subject_key asc
        ) as name_rank
    from subjects
),

named as (
    select
        customer_id,
        max(case when name_rank = 1 then subject_name end) as customer_name,
        max(case when name_rank = 1 then subject_type end) as subject_type,
        max(case when name_rank = 1 then country_code end) as country_code,
        max(case when name_rank = 1 then postal_code end) as postal_code,
        {{ sorted_list('platform') }} as platforms,
        {{ sorted_list('subject_key') }} as subject_keys,
        {{ sorted_list('md5(subject_key)') }} as subject_ids,
        {{ sorted_list(shop_link('addresses.address', 'ranked')) }} as shop_links,
        count(distinct subject_key) as subject_count
    from ranked
    {{ joined_address('addresses', 'ranked.platform', 'ranked.instance') }}
    group by customer_id
),

keyed as (
    select
        subjects.customer_id,
        {{ sorted_list(
            "case when subject_keys.key_type = 'email' then subject_keys.key_value end"
        ) }} as emails,
        {{ sorted_list(
            "case when subject_keys.key_type = 'tax_id' then subject_keys.key_value end"
        ) }} as tax_ids,
        {{ sorted_list(
            "case when subject_keys.key_type = 'external_id' then subject_keys.key_value end"
        ) }} as external_ids,
        bool_and(tax_ids.is_tax_id_valid) as is_tax_id_valid
    from subjects
    inner join subject_keys
        on subjects.subject_key = subject_keys.subject_key
    left join tax_ids
        on subject_keys.key_type = 'tax_id'
        and subject_keys.key_value = tax_ids.tax_id
    group by subjects.customer_id
)

select
    cast(named.customer_id as string) as customer_id,
    cast(named.customer_name as string) as customer_name,
    cast(named.subject_type as string) as subject_type,
    cast(named.platforms as string) as platforms,
    cast(named.subject_keys as string) as platform_customers,
    cast(named.subject_ids as string) as subject_ids,
    cast(named.subject_count as bigint) as subject_count,
    cast(keyed.emails as string) as emails,
    cast(keyed.tax_ids as string) as tax_ids,
    cast(keyed.external_ids as string) as external_ids,
    keyed.is_tax_id_valid,
    cast(named.country_code as string) as country_code,
    cast(named.postal_code as string) as postal_code,
    cast(named.shop_links as string) as shop_links
from named
left join keyed
    on named.customer_id = keyed.customer_id
