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

{# The key fields (CTE fields) of the records of a platform that have a value, under the key of order, quote, account or company #}
{% macro filled_fields(platform, country_text='country_text') -%}
    select distinct
        '{{ platform }}:' || instance || ':' || case when entity_type = 'order'
            then '' else entity_type || ':' end || entity_id
            as entity_key,
        field_name,
        trim(field_value) as field_value,
        {{ country_text }} as country_text
    from fields
    where {{ blank_to_null('field_value') }} is not null
{%- endmacro %}
