{#
    One row per value of a raw table that does not read as what it should be. It reads with the same macro as staging,
    so what is NULL there for this reason is listed here.
    checks: list of [column name as the source calls it, SQL text expression, kind]; kind: amount rate time date boolean conversion factor.
#}
{% macro rejected_values(source_name, resource_name, record_key, checks, predicate='true') -%}
    {% for column_name, text, kind in checks %}
    {%- if kind == 'amount' %}{% set value = to_amount(text) %}
    {%- elif kind == 'rate' %}{% set value = to_rate(text) %}
    {%- elif kind == 'time' %}{% set value = utc_timestamp(text) %}
    {%- elif kind == 'order_time' %}{% set value = '_ordered_at' %}
    {%- elif kind == 'date' %}{% set value = 'try_cast(left(' ~ blank_to_null(text) ~ ', 10) as date)' %}
    {%- elif kind == 'conversion factor' %}{% set value = to_conversion_factor(text) %}
    {%- elif kind == 'boolean' %}{% set value = to_boolean(text) %}
    {%- else %}{{ exceptions.raise_compiler_error("rejected_values: unknown kind '" ~ kind ~ "' of " ~ column_name) }}
    {%- endif %}
    select
        '{{ source_name }}' as source_name,
        instance,
        '{{ resource_name }}' as resource_name,
        cast({{ record_key }} as string) as record_key,
        '{{ column_name }}' as column_name,
        cast({{ text }} as string) as rejected_value,
        'does not read as {{ "time" if kind == "order_time" else kind }}'
            {%- if kind == 'order_time' %} || ': the order is in no window'{% endif %} as reason,
        _source_file as source_file,
        _record_number as record_number
    from {{ source('raw_' ~ source_name, resource_name) }}
    where {{ blank_to_null(text) }} is not null
        and {{ value }} is null
        and {{ predicate }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
{%- endmacro %}
