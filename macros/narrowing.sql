{#
    The predicate by which staging keeps only the orders of the look-back. An order whose time does not parse stays,
    so that it is listed as rejected; it is in no window.
#}
{% macro in_look_back(column='_ordered_at') -%}
    (
        {{ column }} is null
        or (
            {{ column }} >= (select min(windows.look_back_start_at) from {{ ref('stg_cards__windows') }} as windows)
            and {{ column }} < (select max(windows.window_end_at) from {{ ref('stg_cards__windows') }} as windows)
        )
    )
{%- endmacro %}

{# The predicate by which it keeps only the accounts (alias customers) that placed one of these orders #}
{% macro has_an_order(platform, customer_id) -%}
    exists (
        select 1 from {{ ref('stg_' ~ platform ~ '__orders') }} as orders
        where orders.instance = customers.instance and orders.customer_id = {{ customer_id }}
    )
{%- endmacro %}
