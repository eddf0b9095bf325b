-- A customer expected in two entities is in both rows; the values add up to the card's.
select
    coalesce(entities.legal_entity_name, presence.expected_legal_entity_id) as label,
    presence.mapping_status,
    presence.candidate_legal_entity_ids,
    count(distinct presence.customer_id) as item_count,
    sum(presence.open_value_reporting) as value,
    count(distinct presence.customer_id) filter (where presence.is_rate_missing) as unrated_count
from cards.fct_customer_presence as presence
inner join cards.dim_cards
    on presence.window_days = dim_cards.window_days
    and presence.key_scope = dim_cards.key_scope
left join cards.dim_legal_entities as entities
    on presence.expected_legal_entity_id = entities.legal_entity_id
where dim_cards.card_id = 'ecom_customers_absent_from_d365_customer_master' and presence.presence = 'absent'
group by all
order by value desc nulls last, label
