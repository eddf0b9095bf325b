{# True for a time in the window of a card (or a row of stg_cards__windows): its start belongs to it, its end does not #}
{% macro in_window(time, card) -%}
    {{ time }} >= {{ card }}.window_start_at and {{ time }} < {{ card }}.window_end_at
{%- endmacro %}

{#
    Whether the customer master has a customer of a destination, both facts' one rule. `matched` is its row of
    int_destination_matches, NULL when no key resolves; a match comes before the default customer.
#}
{% macro presence(is_covered) -%}
case
    when matched.is_blocked = false then 'present'
    when matched.is_blocked then 'present_blocked'
    when {{ is_covered }} then 'covered_by_default_customer'
    else 'absent'
end
{%- endmacro %}

{#
    The customers of a card: those with one of the presences in its window, on its keys; none while the card has no
    number. columns: what the card shows beside customer, segment, platforms and orders.
#}
{% macro customers_of_card(card_id, presences, columns) -%}
select distinct
    presence.customer_id,
    presence.segment_code,
    presence.platforms,
    presence.customer_order_count as order_count
    {%- for column in columns %},
    presence.{{ column }}
    {%- endfor %}
from {{ ref('fct_customer_presence') }} as presence
inner join {{ ref('dim_cards') }} as cards
    on presence.window_days = cards.window_days
    and presence.key_scope = cards.key_scope
where cards.card_id = '{{ card_id }}'
    and cards.is_measurable
    and presence.customer_presence in ('{{ presences | join("', '") }}')
{%- endmacro %}

{# What both cards of absent customers show #}
{% macro absent_customers_of_card(card_id) -%}
{{ customers_of_card(card_id, ['absent'], [
    'customer_blocked_value_reporting as blocked_value_reporting',
    'is_customer_rate_missing as is_rate_missing',
    'is_in_dataverse',
]) }}
{%- endmacro %}
