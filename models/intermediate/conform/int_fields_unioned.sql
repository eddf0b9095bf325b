-- Grain: one key field of one order, account or company of any platform. any_field_name is what the
-- field map calls the field on every level ('*.email').
with

{% for platform in var('platforms') %}
{{ platform }}_fields as (
    select * from {{ ref('int_' ~ platform ~ '__fields') }}
),
{% endfor %}

unioned as (
    {% for platform in var('platforms') %}
    select '{{ platform }}' as platform, * from {{ platform }}_fields
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    platform,
    entity_key,
    field_name,
    '*.' || split_part(field_name, '.', 2) as any_field_name,
    field_value,
    country_text
from unioned
