insert into {{ table }} by name
with read as (
    select
        {% for column in resource.columns %}
        {% set text = read.fields.get(column.field, "null") %}
        {{ "nullif(" ~ text ~ ", 'null')" if column.kind == "json" else text }} as "{{ column.name }}",
        {% endfor %}
        {% if resource.has_record %}
        {{ read.record }} as record,
        {% endif %}
        $instance as instance,
        $label as _source_file,
        n as _record_number,
        {{ number }} as _file_no,
        case
            when {{ read.fault }} is not null then {{ read.fault }}
            when {{ read.parent }} is not null then '{{ child }}'
            {% for field in resource.key %}
            when nullif(trim({{ read.fields[field] }}), '') is null then 'no {{ field }}'
            {% endfor %}
        end as _fault,
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
        {% if resource.order_time %}
        coalesce(_fault, case
            when coalesce(trim("{{ snake_case(resource.order_time) }}"), '') = ''
                then 'no {{ resource.order_time }}{{ in_no_window }}'
            when _ordered_at is null
                then '{{ resource.order_time }} is not a time{{ in_no_window }}'
        end) as _problem
        {% else %}
        _fault as _problem
        {% endif %}
    from timed
)

select
    * exclude (_fault, _text),
    case when _problem is not null then left(rtrim(_text, e' \t\r'), {{ value_length }}) end as _value
from judged
