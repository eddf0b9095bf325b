-- Grain: one rejected record or value, with where it is and why: refused by the load, not readable
-- in staging (its record stays, the value is NULL), or (stage conform) a currency or country of an
-- order or a D365 customer that no ISO list knows, an e-mail of the ERP side that is no key, a
-- reference of an order that finds no D365 document of its own, or runs of a flow not loaded.
{% set readings = [
    'd365_fo__customers', 'd365_fo__customer_electronic_addresses', 'd365_fo__sales_orders',
    'd365_fo__free_text_invoices', 'd365_fo__exchange_rates',
    'd365_bc__customers', 'd365_bc__sales_invoices', 'd365_bc__currency_exchange_rates',
    'dataverse__accounts', 'dataverse__contacts', 'dataverse__currencies',
    'power_automate__flows', 'power_automate__flow_runs', 'power_automate__flow_events',
    'shopify__draft_orders', 'bigcommerce__quotes', 'adobe_commerce__negotiable_quotes',
] %}
{% for platform in var('platforms') %}{% do readings.append(platform ~ '__orders') %}{% endfor %}
{% set texts = [
    'source_name', 'instance', 'resource_name', 'record_key', 'column_name', 'rejected_value',
    'reason', 'source_file',
] %}
with

unreadable as (
    {% for reading in readings %}
    select {{ json_elements('rejected_values') }} as rejected from {{ ref('stg_' ~ reading) }}
    where rejected_values is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

orders as (
    {{ platform_orders() }}
),

unknown_countries as (
    select orders.order_key, upper(trim(orders.country_text)) as country_text
    from orders
    left join {{ ref('int_country_codes_listed') }} as countries
        on upper(trim(orders.country_text)) = countries.country_text
    where orders.country_text is not null and countries.country_code is null
    union
    select order_key, facet_value from {{ ref('int_order_facets') }}
    where facet_type = 'ship_to' and ship_to_country_code is null
),

countries_per_order as (
    select order_key, {{ sorted_list('country_text') }} as country_texts from unknown_countries
    group by order_key
),

rejects as (
    select 'load' as stage, {{ texts | join(', ') }}, record_number
    from {{ ref('stg_load__rejects') }}
    union all
    select
        'staging',
        {% for text in texts %}
        {{ json_text('rejected', text) }},
        {% endfor %}
        cast({{ json_text('rejected', 'record_number') }} as bigint)
    from unreadable
    union all
    select 'conform', platform, instance, 'orders', platform_order_id, 'currency',
        order_currency_code, 'unknown currency: the order has no value in the reporting currency',
        _source_file, _record_number
    from orders
    left join (
        select currency_code from {{ ref('iso_currencies') }}
        union
        select from_currency_code from {{ ref('int_exchange_rates_unioned') }}
    ) as currencies
        on orders.order_currency_code = currencies.currency_code
    where currencies.currency_code is null
    union all
    select 'conform', platform, instance, 'orders', platform_order_id, 'value',
        cast(order_value_gross as string),
        coalesce(value_remark, 'negative: a return, which no card counts'),
        _source_file, _record_number
    from orders
    where value_remark is not null or order_total < 0
    union all
    select 'conform', platform, instance, 'orders', platform_order_id, 'country', country_texts,
        'unknown country: the order is mapped without it', _source_file, _record_number
    from orders
    inner join countries_per_order
        on orders.order_key = countries_per_order.order_key
    union all
    select 'conform', platform, instance, 'orders', platform_order_id, 'reference',
        {{ sorted_list('documents.unused_reference') }},
        case documents.unused_because
            when 'shared' then 'reference of several orders or D365 accounts: counts only for the'
                || ' account of the order''s own customer or of its store''s default customer'
            else 'the D365 document is in a ' || documents.unused_because
        end,
        min(_source_file), min(_record_number)
    from orders
    inner join {{ ref('int_order_documents') }} as documents
        on orders.order_key = documents.order_key
    where documents.unused_because is not null
    group by platform, instance, platform_order_id, documents.unused_because
    union all
    select 'conform', 'd365_' || d365_system, instance, 'customers',
        erp_code || ' ' || d365_customer_id, 'country', country_text,
        'unknown country: tax id and name are compared without it', null, null
    from {{ ref('int_erp_parties') }}
    where d365_system != 'dataverse' and country_text is not null and country_code is null
    union all
    select 'conform', case d365_system when 'dataverse' then '' else 'd365_' end || d365_system,
        parties.instance, coalesce(dataverse_table, 'customer') || 's',
        coalesce(dataverse_id, erp_code || ' ' || d365_customer_id), fields.mapped_field,
        {{ sorted_list('fields.canonical_text') }}, keys.unusable_because || ': finds no customer',
        null, null
    from {{ ref('int_key_fields') }} as fields
    {{ joined_keys('fields') }}
    inner join {{ ref('int_erp_parties') }} as parties
        on fields.holder_key = parties.party_key
    where keys.key_type = 'email' and keys.unusable_because like 'no valid%'
        and contains(fields.canonical_text, '@')
    group by d365_system, parties.instance, dataverse_table, dataverse_id, erp_code,
        d365_customer_id, fields.mapped_field, keys.unusable_because
    union all
    select 'conform', 'd365_fo', corrections.instance, 'free_text_invoices',
        corrections.data_area_id || ' ' || corrections.invoice_identifier, 'corrected_invoice_id',
        corrections.corrected_invoice_number,
        'not the number of a free-text invoice that is loaded: the correction credits none', null,
        null
    from {{ ref('stg_d365_fo__free_text_invoices') }} as corrections
    left join {{ ref('stg_d365_fo__free_text_invoices') }} as corrected
        on corrections.instance = corrected.instance
        and corrections.data_area_id = corrected.data_area_id
        and {{ canonical_account('corrections.corrected_invoice_number') }}
            = {{ canonical_account('corrected.invoice_number') }}
    where corrections.is_posted and corrections.is_correction and corrected.instance is null
    union all
    select 'conform', 'power_automate', flow_runs.instance, 'flow_runs', flow_runs.flow_id,
        'workflowid', cast(count(*) as string), 'runs of a flow that is not loaded: in no card',
        null, null
    from {{ ref('stg_power_automate__flow_runs') }} as flow_runs
    left join {{ ref('stg_power_automate__flows') }} as flows
        on flow_runs.instance = flows.instance
        and flow_runs.flow_id = flows.flow_id
    where flows.flow_id is null and {{ in_look_back('flow_runs.started_at') }}
    group by flow_runs.instance, flow_runs.flow_id
)

select
    {% for text in texts %}
    cast({{ text }} as string) as {{ text }},
    {% endfor %}
    cast(record_number as bigint) as record_number,
    cast(stage as string) as stage
from rejects
