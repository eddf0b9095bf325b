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

{# E-mails of contacts (0038) with which several companies order, a bookkeeper's for instance: such a contact finds none #}
{% macro contacts_of_several_companies() %}
        select ordering.key_value as email, 'several companies order with it' as unusable_because
        from {{ ref('int_subject_keys') }} as ordering
        inner join {{ ref('int_customers') }} as companies
            on ordering.subject_key = companies.subject_key
        where companies.subject_type = 'company'
            and ordering.key_type = 'email'
            and ordering.key_value in (
                select erp_keys.key_value
                from {{ ref('int_erp_keys') }} as erp_keys
                where erp_keys.key_type = 'contact_email'
            )
        group by ordering.key_value
        having count(distinct companies.customer_id) > 1
{% endmacro %}
