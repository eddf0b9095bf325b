{#
    Where a person looks a customer up, below the base addresses of field_map_addresses; NULL without an address. The
    shapes and where they come from: docs/decisions/0037.
#}

{# The address of one system beside a relation, by the name that it has there, else by `*`, which is every other name #}
{% macro joined_address(alias, system, name) -%}
    {%- set place = system ~ " || '|' || lower(" ~ name ~ ")" %}
    left join {{ ref('field_map_addresses') }} as {{ alias }}
        on lower({{ alias }}.system) || '|' || lower({{ alias }}.name) = case
            when {{ place }} in (
                select lower(listed.system) || '|' || lower(listed.name)
                from {{ ref('field_map_addresses') }} as listed
            ) then {{ place }}
            else {{ system }} || '|*'
        end
{%- endmacro %}

{# A subject (int_customers) in the admin of its shop; BigCommerce and Adobe have no page of a guest, whose e-mail Shopify searches #}
{% macro shop_link(address, subjects) -%}
    {%- set number = encoded_url("split_part(" ~ subjects ~ ".subject_key, ':', -1)") -%}
    rtrim({{ address }}, '/') || case concat({{ subjects }}.platform, ' ', {{ subjects }}.subject_type)
        when 'shopify account' then '/customers/' || {{ number }}
        when 'shopify company' then '/companies/' || {{ number }}
        when 'shopify guest' then '/customers?query=' || {{ number }}
        when 'bigcommerce account' then '/customers/' || {{ number }} || '/edit'
        when 'adobe_commerce account' then '/customer/index/edit/id/' || {{ number }}
        when 'adobe_commerce company' then '/company/index/edit/id/' || {{ number }}
    end
{%- endmacro %}

{#
    All customers of a company: F&O by menu item (it filters only by a text that it has encrypted itself), Business
    Central filtered by a field of the table. values: a list of keys, `, ` between them, which a filter separates by `|`.
#}
{% macro master_link(address, erp, erp_code, d365_field, values) -%}
    {%- set filtered -%}
        case {{ d365_field }}
            {%- for field, name in [
                ('email', 'E-Mail'), ('number', 'No.'), ('taxRegistrationNumber', 'VAT Registration No.'),
            ] %}
            when '{{ field }}' then '{{ name }}'
            {%- endfor %}
        end
    {%- endset -%}
    case {{ erp }}
        when 'fo' then rtrim({{ address }}, '/') || '/?cmp=' || {{ encoded_url(erp_code) }} || '&mi=CustTableListPage'
        when 'bc' then {{ address }} || case when contains({{ address }}, '?') then '&' else '?' end || 'page=22'
            || coalesce('&filter=' || {{ encoded_url(
                "chr(39) || " ~ filtered ~ " || chr(39) || ' IS ' || chr(39) || replace(replace(" ~ values
                ~ ", chr(39), chr(39) || chr(39)), ', ', '|') || chr(39)"
            ) }}, '')
    end
{%- endmacro %}

{# A Dataverse row: the account or contact, which is also the row that dual-write fills #}
{% macro dataverse_link(address, dataverse_key) -%}
    rtrim({{ address }}, '/') || '/main.aspx?pagetype=entityrecord&etn=' || split_part({{ dataverse_key }}, ':', -2)
        || '&id=' || split_part({{ dataverse_key }}, ':', -1)
{%- endmacro %}
