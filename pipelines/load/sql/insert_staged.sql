insert into {{ table }} by name
with read as (
    select
        {% for column in resource.columns %}
        {% set text = read.fields.get(column.field, "null") %}
        {% if column.field in resource.key %}
        {{ text }} as "_given_{{ column.name }}",
        {{ resource.scalar(column, text) }} as "{{ column.name }}",
        {% else %}
        {% if column.kind == "tags" %}{% set text = "tag_list(" ~ text ~ ")" %}{% endif %}
        {{ "nullif(" ~ text ~ ", 'null')" if column.kind in nested else text }} as "{{ column.name }}",
        {% endif %}
        {% endfor %}
        {% if resource.has_record %}
        {{ read.record }} as record,
        {% endif %}
        $instance as instance,
        $label as _source_file,
        n as _record_number,
        {{ number }} as _file_no,
        {{ read.is_twice }} as _is_twice,
        {{ read.fault }} as _fault,
        {{ read.parent }} as _parent,
        {{ read.value }} as _text
    from ({{ read.rows }})
),

timed as (
    select
        *
        {% for name, field in resource.times %}
        , parse_time("{{ snake_case(field) }}") as {{ name }}
        {% endfor %}
    from read
),

judged as (
    select
        *,
        case
            when _fault is not null then _fault
            when _parent is not null then '{{ child }}'
            {% for column in resource.columns if column.field in resource.key %}
            {% set given = '"_given_' ~ column.name ~ '"' %}
            when nullif(trim("{{ column.name }}"), '') is null then case
                when is_exponent(trim({{ given }}))
                    then '{{ column.field }} has an exponent: its last digits are lost'
                when {{ given }} ilike 'gid://%' then '{{ column.field }} is that of another object'
                else 'no {{ column.field }}'
            end
            {% endfor %}
            {% if resource.order_time %}
            {% set order_time = '"' ~ snake_case(resource.order_time) ~ '"' %}
            when coalesce(trim({{ order_time }}), '') = '' or no_value({{ order_time }})
                then 'no {{ resource.order_time }}{{ in_no_window }}'
            when trim({{ order_time }}) like '____-__-__'
                then '{{ resource.order_time }} is a date without a time of day{{ in_no_window }}'
            when _ordered_at is null
                then '{{ resource.order_time }} is not a time{{ in_no_window }}'
            when _ordered_at < timestamp '{{ first_order }}'
                then '{{ resource.order_time }} is no order time{{ in_no_window }}'
            {% endif %}
        end as _problem
    from timed
)

select
    * exclude (
        {%- for column in resource.key_columns %}"_given_{{ column }}", {% endfor %}_fault, _parent, _text),
    case when _problem is not null then left(rtrim(_text, e' \t\r'), {{ value_length }}) end as _value
from judged
