{#
    The column is a key type of macro key_kinds, or one of `also`.
    Remedy: write the key type as key_kinds does (lower case). Anything else is silently ignored.
#}
{% test known_key_type(model, column_name, also=[]) %}
{% set known = (key_kinds() | map(attribute='key_type') | list) + also %}
select {{ column_name }} as key_type
from {{ model }}
where {{ column_name }} not in ('{{ known | join("', '") }}')
{% endtest %}
