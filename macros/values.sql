{# Text of the wire → a value, the same way everywhere; what does not cast is NULL and a rejected value (casts.sql). #}

{% macro blank_to_null(column) -%} nullif(trim({{ column }}), '') {%- endmacro %}

{# Two address lines as one: `1 Dock Rd, Suite 4` #}
{% macro street_text(first_line, second_line) -%}
    nullif(concat_ws(', ', {{ blank_to_null(first_line) }}, {{ blank_to_null(second_line) }}), '')
{%- endmacro %}

{# The country of an address: its code, the older code field, else the name beside it #}
{% macro address_country(address, fields) -%}
    coalesce(
        {%- for field in fields -%}
        {{ blank_to_null(json_text(address, field)) }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}

{# What is left of a total: no less than nothing, unless the order itself is negative (a return) #}
{% macro left_of(total, amount) -%}
    case when {{ amount }} < 0 and {{ total }} >= 0 then 0 else {{ amount }} end
{%- endmacro %}

{% macro to_amount(column) -%} try_cast({{ blank_to_null(column) }} as decimal(18, 4)) {%- endmacro %}

{# An amount in an order's own currency: EUR 120.00. The code is a text of the shop: in a list it has no blank or comma #}
{% macro own_value(amount='cast(order_value as decimal(18, 2))') -%}
    {{ replace_pattern('order_currency_code', '[,[:space:][:cntrl:]]', '_') }} || ' ' || cast({{ amount }} as string)
{%- endmacro %}

{# Orders in the reporting currency: 0 where there are none, NULL where none of them has a rate #}
{% macro rated_value(condition) -%}
    case when bool_or({{ condition }}) then sum(case when {{ condition }} then order_value_reporting end) else 0 end
{%- endmacro %}

{#
    Unlike currencies are never added: the values of a relation, texts as own_value gives, added up per currency into one
    text, `CAD 120.00, USD 30.00`. One row per keys that has any.
#}
{% macro added_per_currency(relation, keys, values, name) -%}
select {{ keys }}, {{ sorted_list("code || ' ' || cast(amount as string)") }} as {{ name }}
from (
    select {{ keys }}, {{ replace_pattern('part', ' [^ ]*$') }} as code,
        sum(cast({{ replace_pattern('part', '^.* ') }} as decimal(18, 2))) as amount
    from (
        select {{ keys }}, trim(part) as part
        from (select {{ keys }}, {{ split_rows(values, ',') }} as part from {{ relation }}) as split
    ) as parts
    group by {{ keys }}, {{ replace_pattern('part', ' [^ ]*$') }}
) as amounts
group by {{ keys }}
{%- endmacro %}

{# A rate of 0 or less is none #}
{% macro to_rate(column) -%}
    nullif(greatest(try_cast({{ blank_to_null(column) }} as decimal(20, 12)), 0), 0)
{%- endmacro %}

{# A field of a record that the field map names: as it says, else in any letters (its place in the record is looked up) #}
{% macro own_field(record, field) -%}
    {%- set place = "instr(lower(" ~ record ~ "), '\"' || lower(" ~ field ~ ") || '\":')" -%}
    case when {{ json_field(record, field) }} is not null then {{ json_field(record, field) }}
        else {{ json_field(record, 'substr(' ~ record ~ ', nullif(' ~ place ~ ', 0) + 1, length(' ~ field ~ '))') }}
    end
{%- endmacro %}

{# A GUID in one spelling: the Web API writes lower case, SQL exports upper case, .NET braces; the GUID of zeros is no value #}
{% macro guid(column) -%}
    nullif(nullif(translate(lower(trim({{ column }})), '{}', ''), ''), '00000000-0000-0000-0000-000000000000')
{%- endmacro %}

{# The number at the end of a Shopify gid://shopify/Order/123; a bare id stays #}
{% macro gid_number(column) -%} {{ replace_pattern(column, '^.*/', '') }} {%- endmacro %}

{#
    An id inside a JSON column, as the loader spells the ids of columns (pipelines/load/sql/macros.sql): 811.0 is 811;
    NULL for what names no one, as a word of four letters (Guest), and for a Shopify object of another kind.
#}
{% macro nested_id(column, kind) -%}
    {%- set gid = 'gid://shopify/' ~ (kind or '[A-Za-z]+') ~ '/' -%}
    {%- set id = replace_pattern(
        visible_text(column), "(?i)^" ~ gid ~ "|[?].*$|^''|^=\"|\"$|[.]0+$|[[:space:]]"
    ) -%}
    case
        when {{ matches_pattern(column, '^' ~ gid ~ '[1-9][0-9]*$') }} then {{ gid_number(column) }}
        when {{ names_no_one(id) }} or {{ matches_pattern(
            'lower(' ~ id ~ ')', '^$|^[^a-z0-9]|^(nat|[a-z_]{4,})$|^[0-9.,]+e[+]?[0-9]+$|^gid:'
        ) }} then null
        else {{ id }}
    end
{%- endmacro %}

{# A UTC timestamp as people read it: 2026-04-12 15:00 UTC #}
{% macro minute_text(column) -%} left(cast({{ column }} as string), 16) || ' UTC' {%- endmacro %}
