-- Grain: one label of one order, by type; one that it has twice comes twice. order_tag,
-- customer_tag, company_tag, channel and merchant_business_entity can decide its legal entity;
-- ship_to is a country (an order that ships nothing has none); order_number, po_number and
-- bc_document_number are how D365 may know it: whole, and cut to the length of a D365 field
-- (cut_length) that is too short for it.
{{ config(materialized='view') }}  -- every reader wants other types
{# written twice: a reader that wants no numbers computes none #}
{% set facets %}
    select order_key, 'channel' as facet_type, sales_channel as facet_value from orders
    union all
    select order_key, 'po_number', po_number from orders
    {% for numbered in ['orders', 'prefixed'] %}
    union all
    select order_key, 'order_number', order_number from {{ numbered }}
    union all
    select order_key, 'order_number', platform_order_id from {{ numbered }}
    where platform_order_id is distinct from order_number
    {% endfor %}
    {% for platform in var('platforms') %}
    union all
    select '{{ platform }}:' || instance || ':' || order_id, facet_type, facet_value
    from {{ ref('int_' ~ platform ~ '__facets') }}
    {% endfor %}
{% endset %}
with

orders as (
    {{ platform_orders() }}
),

stores as (
    select * from {{ ref('field_map_stores') }}
    where order_reference_prefix is not null
),

countries as (
    select * from {{ ref('int_country_codes_listed') }}
),

lengths as (
    {% for erp in ['fo', 'bc'] %}
    select order_reference_type, {{ erp }}_max_length as cut_length
    from {{ ref('order_reference_methods') }}
    where {{ erp }}_max_length is not null
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

prefixed as (
    select
        orders.order_key,
        stores.order_reference_prefix || {{ canonical_reference('orders.order_number') }}
            as order_number,
        stores.order_reference_prefix || orders.platform_order_id as platform_order_id
    from orders
    inner join stores
        on orders.platform = stores.platform
        and lower(orders.instance) = lower(stores.instance)
),

-- longer than a D365 field
long as (
    select facets.order_key, facets.facet_type, facets.facet_value, lengths.cut_length
    from ({{ facets }}) as facets
    inner join lengths
        on facets.facet_type = lengths.order_reference_type
        and length(facets.facet_value) > lengths.cut_length
),

-- as D365 cuts what was written, and what is left of it without blanks
cut as (
    select order_key, facet_type, facet_value, cast(null as int) as cut_length
    from ({{ facets }}) as facets
    union all
    select distinct order_key, facet_type, facet_value, cut_length
    from (
        {% for text in ['trim(facet_value)', canonical_reference('facet_value')] %}
        select order_key, facet_type, left({{ text }}, cut_length) as facet_value, cut_length
        from long
        where length({{ text }}) > cut_length
        {% if not loop.last %}union all{% endif %}
        {% endfor %}
    ) as cut_facets
),

written as (
    select
        order_key,
        facet_type,
        cut_length,
        case
            when facet_type = 'ship_to' then upper(trim(facet_value))
            when facet_type in {{ number_facets() }}
                then {{ canonical_reference('facet_value') }}
            else lower(trim(facet_value))
        end as facet_value
    from cut
)

select
    written.order_key,
    written.facet_type,
    written.facet_value,
    written.cut_length,
    countries.country_code as ship_to_country_code
from written
left join countries
    on case when written.facet_type = 'ship_to' then written.facet_value end
        = countries.country_text
where written.facet_value != ''
