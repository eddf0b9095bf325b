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

{# Presence in the window of a card, on its keys; no row while the card has no number #}
{% macro presence_of_card(card_id) -%}
    select presence.*
    from {{ ref('fct_customer_presence') }} as presence
    inner join {{ ref('dim_cards') }} as cards
        on presence.window_days = cards.window_days
        and presence.key_scope = cards.key_scope
    where cards.card_id = '{{ card_id }}'
        and cards.is_measurable
{%- endmacro %}

{# Both cards of absent customers: those that are absent somewhere #}
{% macro absent_customers_of_card(card_id) -%}
with

absences as (
    select * from ({{ presence_of_card(card_id) }}) as active
    where presence = 'absent'
),

unrated as (
    {{ added_per_currency('absences', 'customer_id', 'unrated_values', 'unrated_values') }}
)

select
    absences.customer_id,
    min(absences.segment_code) as segment_code,
    min(absences.platforms) as platforms,
    min(absences.customer_order_count) as order_count,
    min(absences.customer_blocked_value_reporting) as blocked_value_reporting,
    cast(min(unrated.unrated_values) as string) as unrated_values,
    bool_or(absences.is_rate_missing) as is_rate_missing,
    bool_or(absences.is_in_dataverse) as is_in_dataverse,
    cast({{ sorted_list('absences.expected_legal_entity_id') }} as string) as absent_legal_entity_ids
from absences
left join unrated
    on absences.customer_id = unrated.customer_id
group by absences.customer_id
{%- endmacro %}
