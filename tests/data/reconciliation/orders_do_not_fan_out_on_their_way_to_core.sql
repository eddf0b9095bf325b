-- What: fct_orders has one row, with the same value, per staged order of a store in scope.
-- When it matters: always. A duplicate in a map (store, country, document, default customer)
-- multiplies orders and value.
-- How to fix: find the first intermediate model with several rows for the order_key; the map it
-- joins has two rows for one key.
{{ config(group='data_platform') }}
with

{% for platform in var('platforms') %}
{{ platform }}_orders as (
    select
        '{{ platform }}:' || instance || ':' || order_id as order_key,
        '{{ platform }}' as platform,
        instance
    from {{ ref('stg_' ~ platform ~ '__orders') }}
),
{% endfor %}

staged as (
    {% for platform in var('platforms') %}
    select order_key, platform, instance from {{ platform }}_orders
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

stores_out_of_scope as (
    select
        platform,
        lower(instance) as instance
    from {{ ref('field_map_stores') }}
    where not is_in_scope
),

in_scope as (
    select staged.order_key
    from staged
    left join stores_out_of_scope
        on staged.platform = stores_out_of_scope.platform
        and lower(staged.instance) = stores_out_of_scope.instance
    where stores_out_of_scope.instance is null
),

conformed as (
    select
        order_key,
        max(order_value) as order_value
    from {{ ref('int_orders') }}
    group by order_key
),

core_orders as (
    select
        order_key,
        count(*) as row_count,
        sum(order_value) as order_value
    from {{ ref('fct_orders') }}
    group by order_key
)

select
    coalesce(in_scope.order_key, core_orders.order_key) as order_key,
    core_orders.row_count,
    conformed.order_value as conformed_value,
    core_orders.order_value as core_value
from in_scope
full outer join core_orders
    on in_scope.order_key = core_orders.order_key
left join conformed
    on in_scope.order_key = conformed.order_key
where in_scope.order_key is null
    or coalesce(core_orders.row_count, 0) != 1
    or conformed.order_value is distinct from core_orders.order_value
