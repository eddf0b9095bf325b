{#
    The predicate by which staging keeps only the orders of the look-back. An order whose time does not parse stays,
    so that it is listed as rejected; it is in no window.
#}
{% macro in_look_back(column='_ordered_at') -%}
    (
        {{ column }} is null
        or (
            {{ column }} >= (select min(windows.look_back_start_at) from {{ ref('stg_cards__windows') }} as windows)
            and {{ column }} < (select max(windows.window_end_at) from {{ ref('stg_cards__windows') }} as windows)
        )
    )
{%- endmacro %}
