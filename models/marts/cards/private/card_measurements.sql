-- Grain: one enabled card at this as-of: what it measures now, before thresholds and history. Value
-- NULL when the card's data is missing or not available.
with

cards as (
    select * from {{ ref('dim_cards') }}
    where is_enabled
),

rows_counted as (
    select * from {{ ref('card_metric_rows') }}
    where row_key is not null
),

-- where a counted customer is absent (or is, on a card of others), where an order is expected
places as (
    select
        rows_counted.card_id,
        rows_counted.row_key,
        presence.expected_legal_entity_id as legal_entity_id,
        presence.open_value_reporting as value_reporting,
        presence.unrated_values
    from rows_counted
    inner join cards
        on rows_counted.card_id = cards.card_id
    inner join {{ ref('fct_customer_presence') }} as presence
        on cards.window_days = presence.window_days
        and cards.key_scope = presence.key_scope
        and rows_counted.row_key = presence.customer_id
    where presence.presence != 'covered_by_default_customer'
        and (presence.presence = 'absent') = (presence.customer_presence = 'absent')
    union all
    select
        rows_counted.card_id,
        rows_counted.row_key,
        orders.expected_legal_entity_id,
        orders.order_value_reporting,
        case when orders.is_rate_missing then {{ own_value() }} end
    from rows_counted
    inner join {{ ref('fct_orders') }} as orders
        on rows_counted.row_key = orders.order_key
),

unrated_by_entity as (
    {{ added_per_currency(
        'places', 'card_id, legal_entity_id', 'unrated_values', 'unrated_values') }}
),

unrated as (
    {{ added_per_currency('unrated_by_entity', 'card_id', 'unrated_values', 'unrated_values') }}
),

entities as (
    select
        card_id,
        legal_entity_id,
        count(distinct row_key) as value,
        sum(value_reporting) as reporting_value
    from places
    group by card_id, legal_entity_id
),

described as (
    select
        entities.card_id,
        {{ sorted_list(json_record([
            ('legal_entity_id', 'entities.legal_entity_id'),
            ('value', 'entities.value'),
            ('reporting_value', 'case when cards.has_reporting_value then entities.reporting_value end'),
            ('unrated_values', 'case when cards.has_reporting_value then unrated.unrated_values end'),
        ])) }} as entity_values
    from entities
    inner join cards
        on entities.card_id = cards.card_id
    left join unrated_by_entity as unrated
        on entities.card_id = unrated.card_id
        and coalesce(entities.legal_entity_id, '') = coalesce(unrated.legal_entity_id, '')
    group by entities.card_id
),

measured as (
    select
        card_id,
        count(*) as value,
        count(case when segment_code = 'B2B' then 1 end) as b2b_value,
        count(case when segment_code = 'DTC' then 1 end) as dtc_value,
        sum(value_reporting) as reporting_value,
        max(value_reporting) as largest_value,
        count(case when is_in_dataverse then 1 end) as also_in_dataverse_value,
        count(case when is_alerting then 1 end) as alerting_value
    from rows_counted
    group by card_id
),

conditioned as (
    select
        cards.card_id,
        cards.as_of_date,
        cards.as_of_at,
        cards.card_condition,
        cards.has_segments,
        cards.has_reporting_value,
        cards.is_measurable,
        -- only the cards of absent customers know it
        cards.unit = 'customers' and cards.has_reporting_value and cards.is_dataverse_loaded
            as has_dataverse_value,
        measured.value,
        measured.b2b_value,
        measured.dtc_value,
        measured.reporting_value,
        measured.largest_value,
        measured.also_in_dataverse_value,
        measured.alerting_value,
        unrated.unrated_values,
        described.entity_values
    from cards
    left join measured
        on cards.card_id = measured.card_id
    left join unrated
        on cards.card_id = unrated.card_id
    left join described
        on cards.card_id = described.card_id
)

select
    card_id,
    as_of_date,
    as_of_at,
    card_condition,
    cast(case when is_measurable then coalesce(value, 0) end as bigint) as value,
    cast(case when is_measurable and has_segments then coalesce(b2b_value, 0) end as bigint)
        as b2b_value,
    cast(case when is_measurable and has_segments then coalesce(dtc_value, 0) end as bigint)
        as dtc_value,
    cast(case when is_measurable and has_reporting_value
        then case when value is null then 0 else reporting_value end end as decimal(18, 2))
        as reporting_value,
    cast(case when is_measurable and has_reporting_value
        then case when value is null then 0 else largest_value end end as decimal(18, 2))
        as largest_customer_value,
    cast(case when is_measurable and has_dataverse_value
        then coalesce(also_in_dataverse_value, 0) end as bigint)
        as also_in_dataverse_value,
    cast(case when is_measurable then coalesce(alerting_value, 0) end as bigint) as alerting_value,
    cast(case when is_measurable and has_reporting_value then unrated_values end as string)
        as unrated_values,
    cast(case when is_measurable then '[' || entity_values || ']' end as string) as entity_values
from conditioned
