{#
    Refuses an absolute FIELD_MAP_DIR before anything is written: dbt would write its compiled seeds over the user's files.
    make run FIELD_MAP=<folder> makes a copy inside the project and names that.
#}
{% macro refuse_absolute_field_map() -%}
    {%- set folder = env_var('FIELD_MAP_DIR', 'seeds/field_map') -%}
    {%- if execute and folder.startswith('/') -%}
        {{ exceptions.raise_compiler_error(
            "FIELD_MAP_DIR is '" ~ folder ~ "': give a path below the project, or run make run FIELD_MAP=" ~ folder
        ) }}
    {%- endif -%}
{%- endmacro %}
