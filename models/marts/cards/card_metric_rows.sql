-- Grain: one measurable card and row that it counts; a card that counts nothing has one row without
-- row_key. A card without a number has no row at all: so its metrics are empty, never 0. Which
-- column of a card is which says var cards; a new card is an item there.
{% set columns = {
    'row_key': 'string', 'segment_code': 'string', 'value_reporting': 'decimal(18, 2)',
    'is_in_dataverse': 'boolean', 'is_alerting': 'boolean'
} %}
with

cards as (
    select * from {{ ref('dim_cards') }}
    where is_enabled and is_measurable
),

rows_counted as (
    {% for card in var('cards') %}
    select
        '{{ card.card_id }}' as card_id
        {%- for name, type in columns.items() %},
        cast({{ card.get(name, 'null') }} as {{ type }}) as {{ name }}
        {%- endfor %}
    from {{ ref('card_' ~ card.card_id) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    cards.card_id,
    cards.as_of_date,
    rows_counted.row_key,
    rows_counted.segment_code,
    rows_counted.value_reporting,
    coalesce(
        rows_counted.is_in_dataverse, case when cards.is_dataverse_loaded then false end
    ) as is_in_dataverse,
    coalesce(rows_counted.is_alerting, false) as is_alerting
from cards
left join rows_counted
    on cards.card_id = rows_counted.card_id
