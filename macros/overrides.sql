{#
    The legal entities that the winning level of the field map names for orders (CTE orders): those of
    int_entity_candidates, or before them (level 1) an override: a key of their customer or subject (CTE held_keys) is
    listed, and the order date is in the validity of the row, both ends included.
#}
{% macro winning_candidates(holder) -%}
    select * from (
        select *, min(level_rank) over (partition by order_key) as winning_level_rank
        from (
            select * from {{ ref('int_entity_candidates') }}
            where order_key in (select orders.order_key from orders)
            union
            select orders.order_key, 1 as level_rank, 'override' as mapped_by, overrides.legal_entity_id
            from {{ ref('field_map_customer_overrides') }} as overrides
            inner join held_keys
                on lower(overrides.key_type) = held_keys.key_type
                and lower(trim(overrides.key_value)) = lower(held_keys.key_value)
            inner join orders
                on held_keys.{{ holder }} = orders.{{ holder }}
                and orders.order_date >= coalesce(overrides.valid_from, orders.order_date)
                and orders.order_date <= coalesce(overrides.valid_to, orders.order_date)
        ) as candidates
    ) as ranked_candidates
    where level_rank = winning_level_rank
{%- endmacro %}
