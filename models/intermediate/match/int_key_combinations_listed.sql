-- Grain: one key type in one combination of key types. Seven combinations of e-mail, external id
-- and tax id; twice as many and one when the headline also uses name and address.
with

match_keys as (
    select * from {{ ref('int_match_keys_active') }}
    where key_scope = 'headline'
),

switches as (
    select 0 as is_on
    union all
    select 1 as is_on
),

name_address_switches as (
    select 0 as is_on
    union all
    select distinct 1 as is_on
    from match_keys
    where key_type = 'name_address'
),

combinations as (
    select
        emails.is_on as has_email,
        external_ids.is_on as has_external_id,
        tax_ids.is_on as has_tax_id,
        name_addresses.is_on as has_name_address,
        emails.is_on + external_ids.is_on + tax_ids.is_on + name_addresses.is_on as key_type_count
    from switches as emails
    cross join switches as external_ids
    cross join switches as tax_ids
    cross join name_address_switches as name_addresses
),

named as (
    select
        *,
        concat_ws(
            ' + ',
            case when has_email = 1 then 'email' end,
            case when has_external_id = 1 then 'external_id' end,
            case when has_tax_id = 1 then 'tax_id' end,
            case when has_name_address = 1 then 'name_address' end
        ) as key_types,
        max(key_type_count) over () as all_key_type_count
    from combinations
    where key_type_count > 0
)

{% for key_type in ['email', 'external_id', 'tax_id', 'name_address'] %}
select
    key_types,
    key_type_count,
    key_type_count = all_key_type_count as is_headline,
    '{{ key_type }}' as key_type
from named
where has_{{ key_type }} = 1
{% if not loop.last %}union all{% endif %}
{% endfor %}
