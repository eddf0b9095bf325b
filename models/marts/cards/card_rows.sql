-- Grain: one row that one card counts, in the shape all cards share. Which column of a card is which
-- says var cards; a new card is an item there.
{% set columns = {
    'row_key': 'string', 'segment_code': 'string', 'value_reporting': 'decimal(18, 2)',
    'is_in_dataverse': 'boolean', 'is_alerting': 'boolean'
} %}
{% for card in var('cards') %}
select
    cast('{{ card.card_id }}' as string) as card_id
    {%- for name, type in columns.items() %},
    cast({{ card.get(name, 'null') }} as {{ type }}) as {{ name }}
    {%- endfor %}
from {{ ref('card_' ~ card.card_id) }}
{{ 'union all' if not loop.last }}
{% endfor %}
