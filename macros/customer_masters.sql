{#
    The entity whose customer master one entity shares, beside every row of the seed: in the spelling of legal_entity_id, and
    the entity itself where the cell is empty or the file has no such column. An id that no row has stays as it was typed:
    customer_masters_are_shared_in_one_step names it.
#}
{% macro fill_customer_masters(relation) -%}
    {%- set names = adapter.get_columns_in_relation(relation) | map(attribute='name') | list if execute else [] -%}
    {%- if execute and 'customer_master_legal_entity_id' not in names -%}
        {%- do run_query("alter table " ~ relation ~ " add column customer_master_legal_entity_id varchar") -%}
    {%- endif -%}
    update {{ relation }} as entity
    set customer_master_legal_entity_id = coalesce(
        (
            select min(master.legal_entity_id)
            from {{ relation }} as master
            where lower(trim(master.legal_entity_id)) = lower(trim(entity.customer_master_legal_entity_id))
        ),
        nullif(trim(entity.customer_master_legal_entity_id), ''),
        entity.legal_entity_id
    )
{%- endmacro %}
