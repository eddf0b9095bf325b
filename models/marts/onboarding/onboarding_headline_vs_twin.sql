-- Grain: one customer that the headline or its twin counts: both, only_headline or only_twin, and
-- the keys by which the other one finds it.
with

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id in (
        'ecom_customers_absent_from_d365_customer_master', 'ecom_customers_absent_from_d365'
    )
        and is_measurable
),

presence as (
    select presence.*
    from {{ ref('fct_customer_presence') }} as presence
    inner join cards
        on presence.window_days = cards.window_days
        and presence.key_scope = cards.key_scope
),

customers as (
    select * from {{ ref('dim_commerce_customers') }}
),

unrated as (
    {{ added_per_currency(
        "(select * from presence where presence = 'absent') as absences",
        'customer_id, key_scope', 'unrated_values', 'unrated_values') }}
),

compared as (
    select
        customer_id,
        max(segment_code) as segment_code,
        max(case when key_scope = 'headline' then customer_presence end) as headline_presence,
        max(case when key_scope = 'twin' then customer_presence end) as twin_presence,
        max(case when key_scope = 'headline' then customer_blocked_value_reporting end)
            as headline_blocked_value_reporting,
        max(case when key_scope = 'twin' then customer_blocked_value_reporting end)
            as twin_blocked_value_reporting,
        {{ sorted_list("case when key_scope = 'headline' then matched_key_type end") }}
            as headline_key_types,
        {{ sorted_list("case when key_scope = 'twin' then matched_key_type end") }}
            as twin_key_types,
        {{ sorted_list('d365_customer_ids') }} as d365_customer_ids
    from presence
    group by customer_id
)

select
    compared.customer_id,
    customers.customer_name,
    compared.segment_code,
    cast(
        case
            when compared.headline_presence = 'absent' and compared.twin_presence = 'absent'
                then 'both'
            when compared.headline_presence = 'absent' then 'only_headline'
            else 'only_twin'
        end as string
    ) as counted_by,
    compared.headline_presence,
    compared.twin_presence,
    compared.headline_blocked_value_reporting,
    compared.twin_blocked_value_reporting,
    headline.unrated_values as headline_unrated_values,
    twin.unrated_values as twin_unrated_values,
    cast(
        case
            when compared.headline_presence = 'absent' and compared.twin_presence = 'absent'
                then 'no key of either finds it in every expected legal entity'
            when compared.headline_presence is null or compared.twin_presence is null
                then 'the windows of the two cards differ'
            when compared.headline_presence = 'absent'
                then 'only the twin finds it, by ' || compared.twin_key_types
            else 'only the headline finds it, by ' || compared.headline_key_types
        end as string
    ) as cause,
    cast(compared.d365_customer_ids as string) as d365_customer_ids
from compared
left join customers
    on compared.customer_id = customers.customer_id
left join unrated as headline
    on compared.customer_id = headline.customer_id
    and headline.key_scope = 'headline'
left join unrated as twin
    on compared.customer_id = twin.customer_id
    and twin.key_scope = 'twin'
where 'absent' in (compared.headline_presence, compared.twin_presence)
