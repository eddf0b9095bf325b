-- Grain: one rejected record or value, with where it stands and why: refused by the load, not
-- readable in staging (its record stays, the value is NULL), or a code that no list knows.
{% set readings = [
    'd365_fo__customers', 'd365_fo__free_text_invoices', 'd365_fo__exchange_rates',
    'd365_bc__sales_invoices', 'd365_bc__currency_exchange_rates',
    'dataverse__accounts', 'dataverse__contacts', 'dataverse__currencies',
    'power_automate__flow_runs', 'power_automate__flow_events',
    'shopify__draft_orders', 'bigcommerce__quotes', 'adobe_commerce__negotiable_quotes',
] %}
{% for platform in var('platforms') %}{% do readings.append(platform ~ '__orders') %}{% endfor %}
with

lists as (
    {% for reading in readings %}
    select rejected_values from {{ ref('stg_' ~ reading) }} where rejected_values is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

unreadable as (
    select {{ json_elements('rejected_values') }} as rejected from lists
),

rejects as (
    select
        'load' as stage,
        source_name,
        instance,
        resource_name,
        record_key,
        column_name,
        rejected_value,
        reason,
        source_file,
        record_number
    from {{ ref('stg_load__rejects') }}
    union all
    select
        'staging',
        {% for column in [
            'source_name', 'instance', 'resource_name', 'record_key', 'column_name',
            'rejected_value', 'reason', 'source_file',
        ] %}
        {{ json_text('rejected', column) }},
        {% endfor %}
        cast({{ json_text('rejected', 'record_number') }} as bigint)
    from unreadable
    union all
    select
        'conform',
        source_name,
        instance,
        resource_name,
        record_key,
        column_name,
        rejected_value,
        reason,
        source_file,
        record_number
    from {{ ref('int_codes_rejected') }}
)

select
    cast(source_name as string) as source_name,
    cast(instance as string) as instance,
    cast(resource_name as string) as resource_name,
    cast(record_key as string) as record_key,
    cast(column_name as string) as column_name,
    cast(rejected_value as string) as rejected_value,
    cast(reason as string) as reason,
    cast(source_file as string) as source_file,
    cast(record_number as bigint) as record_number,
    cast(stage as string) as stage
from rejects
