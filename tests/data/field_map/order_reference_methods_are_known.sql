-- What: every method of an order-reference rule is in order_reference_methods.
-- When it matters: an unknown method matches no document, so posted orders count as blocked.
-- How to fix: correct the methods in field_map_stores, separated by |.
{{ config(group='data_platform') }}
with

rules as (
    select platform, instance, order_reference_rule from {{ ref('field_map_stores') }}
    where order_reference_rule is not null
    union all
    select '*', 'var default_order_reference_rule', '{{ var("default_order_reference_rule") }}'
),

split as (
    select
        platform,
        instance,
        {{ split_rows('order_reference_rule', '|') }} as method
    from rules
),

methods as (
    select distinct method from {{ ref('order_reference_methods') }}
)

select
    split.platform,
    split.instance,
    split.method
from split
left join methods
    on lower(trim(split.method)) = methods.method
where methods.method is null
