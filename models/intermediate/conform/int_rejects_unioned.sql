-- Grain: one rejected record or value: refused by the load, not castable in staging, or a code
-- nobody knows.
{% set sources = var('platforms') + ['d365_fo', 'd365_bc', 'dataverse', 'power_automate'] %}
with

{% for source_name in sources %}
{{ source_name }}_values as (
    select * from {{ ref('stg_' ~ source_name ~ '__rejected_values') }}
),
{% endfor %}

codes as (
    select * from {{ ref('int_codes_rejected') }}
),

refused as (
    select
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
)

select 'load' as stage, * from refused
{% for source_name in sources %}
union all
select 'staging' as stage, * from {{ source_name }}_values
{% endfor %}
union all
select 'conform' as stage, * from codes
