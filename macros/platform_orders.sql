{# The orders of every platform, with the keys of order, account and company and the local date: a loop over views #}
{% macro platform_orders() -%}
    select
        *,
        platform || ':' || instance || ':' || platform_order_id as order_key,
        platform || ':' || instance || ':account:' || platform_customer_id as account_key,
        platform || ':' || instance || ':company:' || platform_company_id as company_key,
        {{ local_date('ordered_at', var('reporting_timezone')) }} as order_date
    from (
        {% for platform in var('platforms') %}
        select * from {{ ref('int_' ~ platform ~ '__orders') }}
        {% if not loop.last %}union all{% endif %}
        {% endfor %}
    ) as platform_orders
{%- endmacro %}

{# The facets of an order that are numbers by which D365 may know it (order_reference_methods) #}
{% macro number_facets() -%} ('order_number', 'po_number', 'bc_document_number') {%- endmacro %}

{# The state of an order: its status in the map, unless the money says otherwise #}
{% macro order_state() -%}
    {%- set status = "coalesce(order_statuses.order_state, 'active')" -%}
    case
        when {{ status }} not in ('active', 'refunded') then {{ status }}
        when orders.order_total < 0 then 'return'
        when orders.order_total > 0 and orders.order_value_gross <= 0 then 'refunded'
        when orders.order_total = 0 or orders.order_value_gross < orders.order_total then 'active'
        else {{ status }}
    end
{%- endmacro %}

{# The key fields (CTE fields) of the records of a platform that have a value, under the key of order, quote, account or company #}
{% macro filled_fields(platform) -%}
    select distinct
        '{{ platform }}:' || instance || ':' || case when entity_type = 'order'
            then '' else entity_type || ':' end || entity_id
            as entity_key,
        field_name,
        trim(field_value) as field_value,
        country_text
    from fields
    where {{ blank_to_null('field_value') }} is not null
{%- endmacro %}
