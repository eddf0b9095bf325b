{#
    The legal entities of orders (CTE orders): those of int_entity_candidates, or before them an override: a key of
    their customer or subject (CTE held_keys) is listed, and the order date is in the validity of the row, both ends
    included. Writes the CTEs overridden and candidates.
#}
{% macro winning_candidates(holder) -%}
overridden as (
    select distinct orders.order_key, overrides.legal_entity_id
    from {{ ref('field_map_customer_overrides') }} as overrides
    inner join held_keys
        on lower(overrides.key_type) = held_keys.key_type
        and lower(trim(overrides.key_value)) = lower(held_keys.key_value)
    inner join orders
        on held_keys.{{ holder }} = orders.{{ holder }}
        and orders.order_date >= coalesce(overrides.valid_from, orders.order_date)
        and orders.order_date <= coalesce(overrides.valid_to, orders.order_date)
),

candidates as (
    select order_key, 'override' as mapped_by, legal_entity_id from overridden
    union all
    select order_key, mapped_by, legal_entity_id from {{ ref('int_entity_candidates') }}
    where order_key in (select orders.order_key from orders)
        and order_key not in (select overridden.order_key from overridden)
),
{%- endmacro %}
