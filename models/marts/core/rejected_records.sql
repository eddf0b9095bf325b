-- Grain: one rejected record or value, with where it is and why: refused by the load, not readable
-- in staging (its record stays, the value is NULL), or (stage conform) a currency or country of an
-- order or a D365 customer that no ISO list knows, a text of a key field that is no key, a
-- reference of an order that finds no D365 document of its own, or runs of a flow not loaded.
{% set texts = [
    'source_name', 'instance', 'resource_name', 'record_key', 'column_name', 'rejected_value',
    'reason', 'source_file',
] %}
with

unreadable as (
    {{ unreadable_values() }}
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
    from orders where value_remark is not null or order_total < 0
    union all
    select 'conform', platform, instance, 'orders', platform_order_id, 'country', country_texts,
        'unknown country: the order is mapped without it', _source_file, _record_number
    from orders
    inner join countries_per_order on orders.order_key = countries_per_order.order_key
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
    select 'conform', source_name, instance, resource_name, record_key, 'customer',
        {{ sorted_list('customers') }},
        'contact of several customers: its e-mail finds none of them', null, null
    from {{ ref('int_customer_contacts') }} where customer_count > 1
    group by source_name, instance, resource_name, record_key
    union all
    -- what the field map itself ignores is refused on purpose
    select 'conform', case when fields.system in ('fo', 'bc') then 'd365_' || fields.system
            else coalesce(fields.system, split_part(fields.holder_key, ':', 1)) end,
        coalesce(parties.instance, split_part(fields.holder_key, ':', 2)),
        case
            when parties.party_key is not null
                then coalesce(parties.dataverse_table, 'customer') || 's'
            when contains(fields.holder_key, ':account:') then 'customers'
            when contains(fields.holder_key, ':company:') then 'companies'
            when contains(fields.holder_key, ':quote:') then 'quotes'
            else 'orders'
        end as resource_name,
        coalesce(parties.dataverse_id, parties.erp_code || ' ' || parties.d365_customer_id,
            split_part(fields.holder_key, ':', -1)) as record_key,
        fields.field_name, {{ sorted_list('coalesce(fields.key_text, fields.canonical_text)') }},
        keys.unusable_because || ': this ' || replace(fields.key_type, '_', ' ') || ' finds no one'
            as reason, null, null
    from {{ ref('int_key_fields') }} as fields
    {{ joined_keys('fields') }}
    left join {{ ref('int_erp_parties') }} as parties on fields.holder_key = parties.party_key
    where keys.unusable_because != 'ignored by the field map'
        and fields.key_type != 'name_address'
    group by fields.system, fields.key_type, fields.field_name, fields.holder_key,
        keys.unusable_because, parties.party_key, parties.instance, parties.dataverse_table,
        parties.dataverse_id, parties.erp_code, parties.d365_customer_id
    union all
    select 'conform', 'd365_fo', corrections.instance, 'free_text_invoices',
        corrections.data_area_id || ' ' || corrections.invoice_identifier, 'corrected_invoice_id',
        corrections.corrected_invoice_number,
        'not the number of a loaded free-text invoice: the correction credits none', null, null
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
        on flow_runs.instance = flows.instance and flow_runs.flow_id = flows.flow_id
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
