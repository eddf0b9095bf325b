{#
    One row per element of a JSON list of named values (custom attributes, form fields, extra fields) of a relation:
    entity_type, instance, entity_id, attribute_name, attribute_value.
#}
{% macro named_values(entity_type, relation, entity_id, list, name, value) -%}
    select
        '{{ entity_type }}' as entity_type,
        instance,
        entity_id,
        {{ json_text('element', name) }} as attribute_name,
        {{ blank_to_null(json_text('element', value)) }} as attribute_value
    from (
        select instance, {{ entity_id }} as entity_id, {{ json_elements(list) }} as element
        from {{ relation }}
        where {{ list }} is not null
    ) as elements
{%- endmacro %}

{# One row per text of a JSON list of texts: entity_type, instance, entity_id, tag #}
{% macro listed_tags(entity_type, relation, entity_id) -%}
    select '{{ entity_type }}' as entity_type, instance, entity_id, trim({{ json_string('element') }}) as tag
    from (
        select instance, {{ entity_id }} as entity_id, {{ json_elements('tags') }} as element
        from {{ relation }}
        where tags is not null
    ) as elements
{%- endmacro %}
