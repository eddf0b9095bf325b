{#
    The casts of a staging model, declared once, in the list that opens it:
        {% set casts = [(column, source text, kind), ...] %}
    kind: of cast_value(), an enum (enums.sql), `list` (one object is a list of it), or `Customer id` (of a Shopify
    object of this kind; 0, nan and their like are none).
    source text: a raw column, or a path into a JSON one (`total_price_set.shopMoney.amount`). A fourth item names the
    field in rejected_records, where it is not what the source calls the raw column.
    typed() writes the columns, typed_value() one of them inside another expression, rejected() what did not read.
#}
{% macro typed(casts) -%}
    {%- for cast in casts %}
    {{ typed_value(casts, cast[0]) }} as {{ cast[0] }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#
    kind: as in cast_value(); `boolean or false`: what a missing value means; `date or none`: "no date" may be written
    as a date; `rate or rejected`: a record without the value is not used (a time: in no window) and is listed.
#}
{% macro typed_value(casts, column) -%}
    {%- for cast in casts if cast[0] == column -%}
        {%- set kind, _, missing = cast[2].partition(' or ') -%}
        {%- set value = cast_value(cast[1], kind) -%}
        {%- if missing == 'none' -%}
            case when left({{ cast_text(cast[1]) }}, 10) not in ('1900-01-01', '0001-01-01', '1970-01-01')
                then {{ value }} end
        {%- elif missing and missing != 'rejected' -%}
            coalesce({{ value }}, {{ missing }})
        {%- else -%}
            {{ value }}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

{#
    The list of values of a record that are not what they should be, each as its row of rejected_records: JSON text,
    NULL for a record that reads well.
#}
{% macro rejected(source_name, resource_name, record_key, casts) -%}
    '[' || nullif(concat_ws(',',
        {%- for cast in casts %}
        {%- set kind, _, missing = cast[2].partition(' or ') %}
        {%- set written = blank_to_null(cast_text(cast[1])) %}
        {%- if kind.endswith(' id') %}
        {%- set written = 'case when not ' ~ names_no_one(written) ~ ' then ' ~ written ~ ' end' %}
        {%- endif %}
        case when {{ cast_value(cast[1], kind) }} is null and {{ 'true' if missing == 'rejected' else written ~ ' is not null' }}
            then {{ json_record([
                ('source_name', "'" ~ source_name ~ "'"),
                ('instance', 'instance'),
                ('resource_name', "'" ~ resource_name ~ "'"),
                ('record_key', record_key),
                ('column_name', "'" ~ (cast[3] or field_name(source_name, cast[1].partition('.')[0])) ~ "'"),
                ('rejected_value', cast_text(cast[1])),
                ('reason', ('case when ' ~ written ~ " is null then 'missing: the record is "
                    ~ ('in no window' if kind == 'time' else 'not used') ~ "' else "
                    if missing == 'rejected' else '') ~ "'does not read as " ~ (
                    'time: the order is in no window' if kind == 'order time' else kind | replace('unix ', '')) ~ "'"
                    ~ (' end' if missing == 'rejected' else '')),
                ('source_file', '_source_file'),
                ('record_number', '_record_number'),
            ]) }}
        end{{ ',' if not loop.last }}
        {%- endfor %}
    ), '') || ']' as rejected_values
{%- endmacro %}

{% macro cast_text(source_text) -%}
    {%- set column, _, path = source_text.partition('.') -%}
    {{ json_text(column, path) if path else column }}
{%- endmacro %}

{% macro cast_value(source_text, kind) -%}
    {%- set text = cast_text(source_text) -%}
    {%- set values = {
        'amount': to_amount(text),
        'rate': to_rate(text),
        'date': 'try_cast(left(' ~ blank_to_null(text) ~ ', 10) as date)',
        'time': utc_timestamp(text),
        'unix time': unix_timestamp(text),
        'order time': '_ordered_at',
        'list': "case when left(" ~ text ~ ", 1) = '[' then " ~ text
            ~ " when left(" ~ text ~ ", 1) = '{' then '[' || " ~ text ~ " || ']' end",
    } -%}
    {%- if kind.endswith(' id') -%}
        {{ nested_id(text, kind.removesuffix(' id')) }}
    {%- else -%}
        {{ values[kind] or enum_value(text, kind) }}
    {%- endif -%}
{%- endmacro %}

{# A raw column as its source calls it: createdAt of Shopify and Business Central, StartDate of F&O #}
{% macro field_name(source_name, column) -%}
    {%- set words = column.split('_') -%}
    {%- if source_name in ['shopify', 'd365_bc'] -%}
        {{ words[0] ~ words[1:] | map('capitalize') | join }}
    {%- elif source_name == 'd365_fo' -%}
        {{ words | map('capitalize') | join }}
    {%- else -%}
        {{ column }}
    {%- endif -%}
{%- endmacro %}

{# One row per value that a staging model could not read: column rejected, a row of rejected_records as JSON #}
{% macro unreadable_values() -%}
    {%- set readings = [
    'd365_fo__customers', 'd365_fo__customer_electronic_addresses', 'd365_fo__contact_persons',
    'd365_fo__sales_orders',
    'd365_fo__free_text_invoices', 'd365_fo__exchange_rates',
    'd365_bc__customers', 'd365_bc__sales_invoices', 'd365_bc__currency_exchange_rates',
    'dataverse__accounts', 'dataverse__contacts', 'dataverse__currencies',
    'power_automate__flows', 'power_automate__flow_runs', 'power_automate__flow_events',
    'shopify__company_locations', 'shopify__draft_orders', 'bigcommerce__quotes', 'adobe_commerce__negotiable_quotes',
    ] -%}
    {%- for platform in var('platforms') %}{% do readings.append(platform ~ '__orders') %}{% endfor -%}
    {%- for reading in readings %}
    select {{ json_elements('rejected_values') }} as rejected from {{ ref('stg_' ~ reading) }}
    where rejected_values is not null
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
{%- endmacro %}
