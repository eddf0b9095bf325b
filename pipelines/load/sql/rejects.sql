{# Of records that are not loaded the reason, of those that stay what is wrong with a value. #}
{% macro faults(field, condition, reason) %}
union all
select _source_file, _record_number, record_key, '{{ field }}', '{{ reason }}',
    left("{{ snake_case(field) }}", {{ value_length }})
from keyed where {{ condition }}
{% endmacro %}
{# a Shopify id is known without its `gid://shopify/Order/` #}
with keyed as not materialized (
    select *, nullif(concat_ws(' '
        {%- for key in resource.key_columns %}, regexp_replace("{{ key }}", '^gid://.*/', ''){% endfor -%}
    ), '') as record_key
    from {{ table }}
)

select _source_file as path, _record_number as record_number, record_key,
    null::varchar as column_name, _problem as reason, _value as value
from keyed where _problem not in {{ no_record }}
union all
select _source_file, _record_number, record_key, null,
    'a field is in the record twice: the first one is read', null
from keyed where _problem is null and _is_twice
{% for column in resource.columns if column.kind == "list" %}
{{ faults(column.field, "_problem is null and left(\"" ~ column.name ~ "\", 1) <> '['", "not a list") }}
{%- endfor %}
{% for column in resource.columns if column.kind == "json" %}
{{ faults(column.field, "_problem is null and left(\"" ~ column.name ~ "\", 1) not in ('{', '[')", "not an object or array") }}
{%- endfor %}
{% for column in resource.columns if column.kind not in nested and column.field not in resource.key %}
{% set text = '"' ~ column.name ~ '"' %}
{% if column.kind not in ("text", "code") %}
{{ faults(column.field, "_problem is null and (is_nested(" ~ text ~ ") or is_exponent(trim(" ~ text ~ ")) and " ~ resource.scalar(column, text) ~ " is null)", "not an id") }}
{%- else %}
{{ faults(column.field, "_problem is null and is_nested(" ~ text ~ ")", "not a text") }}
{%- endif %}
{% endfor %}
{% if resource.version %}
{% set version = resource.version %}
{{ faults(version, "_problem is null and \"" ~ snake_case(version) ~ "\" <> '' and not no_value(\"" ~ snake_case(version) ~ "\") and _version_at is null", "not a time") }}
{{- faults(
    version,
    "coalesce(_problem, '" ~ older ~ "') = '" ~ older ~ "' and _version_at > getvariable('latest')",
    "a time after the load: this version replaces no other",
) }}
{%- endif %}
{% if resource.order_time %}
{{ faults(
    resource.order_time,
    "_problem is null and _ordered_at > getvariable('latest')",
    "a time after the load: the order is in no window",
) }}
{%- endif %}
{% for need in resource.needs if not (need.may_be_blank or need.is_listed_later or resource.order_time in need.fields) %}
{% set blank %}_problem is null{% for path in need.paths %} and not ({{ filled(resource, path) }}){% endfor %}{% endset %}
{{ faults(need.fields[0], blank, "no value: " ~ need.meaning ~ " is not known") }}
{%- endfor %}
order by 1, 2, 4
