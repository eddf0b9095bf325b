{#
    Text of a shop as one line: tabs, line ends and no-break spaces are blanks, no margins, no NUL;
    NULL when nothing is left.
#}
{% macro one_line(column) -%}
    nullif(trim({{ replace_pattern('replace(' ~ column ~ ", chr(0), '')", '[ \t\r\n\u00a0]+', ' ') }}), '')
{%- endmacro %}
