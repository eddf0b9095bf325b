-- A customer expected in two entities is in both rows; the values add up to the card's.
with absent as (
    select
        presence.customer_id, presence.segment_code, presence.is_rate_missing,
        presence.open_value_reporting as value,
        case presence.mapping_status
            when 'ambiguous'
                then 'Ambiguous: ' || replace(presence.candidate_legal_entity_ids, ', ', ' or ')
            when 'unmapped' then 'Unmapped'
            else coalesce(entities.legal_entity_name, presence.expected_legal_entity_id)
        end as entity
    from cards.fct_customer_presence as presence
    inner join cards.dim_cards
        on presence.window_days = dim_cards.window_days
        and presence.key_scope = dim_cards.key_scope
        and dim_cards.card_id = 'ecom_customers_absent_from_d365_customer_master'
    left join cards.dim_legal_entities as entities
        on presence.expected_legal_entity_id = entities.legal_entity_id
    where presence.presence = 'absent'
),

summed as (
    select
        entity,
        segment_code,
        count(distinct customer_id) as item_count,
        sum(value) as value,
        count(distinct customer_id) filter (where is_rate_missing) as unrated_count
    from absent
    group by all
)

select entity || ', ' || segment_code as label, *
from summed
order by sum(value) over (partition by entity) desc nulls last, entity, segment_code
