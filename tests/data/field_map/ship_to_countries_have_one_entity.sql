-- What: a country has one legal entity on every platform (a row for * applies to all).
-- When it matters: two entities make its orders ambiguous. Only a warning, because that may be
-- intended.
-- How to fix: drop a row of field_map_ship_to_countries, or map the orders by a platform tag.
{{ config(severity='warn', group='data_platform') }}
with

platforms as (
    {% for platform in var('platforms') %}
    select '{{ platform }}' as platform
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

ship_to_countries as (
    select * from {{ ref('field_map_ship_to_countries') }}
)

select
    platforms.platform,
    upper(ship_to_countries.country_code) as country_code,
    {{ sorted_list('ship_to_countries.legal_entity_id') }} as legal_entity_ids
from platforms
inner join ship_to_countries
    on ship_to_countries.platform in ('*', platforms.platform)
group by platforms.platform, upper(ship_to_countries.country_code)
having count(distinct ship_to_countries.legal_entity_id) > 1
