{#
    The key of a model or seed: no two rows share it, and no part of it is NULL unless may_be_null
    names the part. columns: column names or SQL expressions ('upper(raw_status)'). Returns one row
    per broken key: how many rows share it, and its parts. The remedy is its description, once for
    all keys: a key test needs no name and no description. Owner: data platform team.
#}
{% test unique_combination(model, columns, may_be_null=[]) %}
with

keys as (
    select
        {% for column in columns -%}
        {{ column }} as key_{{ loop.index }},
        {% endfor -%}
        count(*) as row_count
    from {{ model }}
    group by {% for column in columns %}{{ column }}{{ ', ' if not loop.last }}{% endfor %}
)

select
    row_count,
    {% for column in columns -%}
    key_{{ loop.index }}{{ ',' if not loop.last }}
    {% endfor %}
from keys
where row_count > 1
    {% for column in columns -%}
    {% if column not in may_be_null %}or key_{{ loop.index }} is null{% endif %}
    {% endfor %}
{% endtest %}
