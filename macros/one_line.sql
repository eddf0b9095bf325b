{#
    Text of a shop as one line: tabs, line ends and no-break spaces are blanks, no margins; NULL when
    nothing is left.
#}
{% macro one_line(column) -%}
    nullif(trim({{ replace_pattern(column, '[ \t\r\n\u00a0]+', ' ') }}), '')
{%- endmacro %}
