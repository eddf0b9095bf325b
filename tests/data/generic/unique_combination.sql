{#
    The key of a model or seed: unique, and no part is NULL unless listed in may_be_null. columns:
    column names or SQL expressions ('upper(raw_status)'). Returns one row per failing key: its row
    count and parts. The remedy is in the description of this test, so key tests need none.
    Owner: data platform team.
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
