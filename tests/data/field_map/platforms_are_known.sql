-- What: every platform in the field map is in var platforms, or * where allowed.
-- When it matters: a row for an unknown platform is silently never used.
-- How to fix: correct the platform, or add it to dbt_project.yml (CONTRIBUTING.md).
{{ config(group='data_platform') }}
with

named as (
    select 'field_map_match_keys' as seed_name, platform, true as may_be_any
    from {{ ref('field_map_match_keys') }}
    union
    select 'field_map_ship_to_countries', platform, true
    from {{ ref('field_map_ship_to_countries') }}
    union
    select 'field_map_platform_tags', platform, true from {{ ref('field_map_platform_tags') }}
    union
    select 'field_map_stores', platform, false from {{ ref('field_map_stores') }}
    union
    select 'field_map_order_statuses', platform, false from {{ ref('field_map_order_statuses') }}
)

select
    seed_name,
    platform
from named
where coalesce(platform, '') not in (
    {% for platform in var('platforms') %}
    '{{ platform }}'{{ ',' if not loop.last }}
    {% endfor %}
)
    and not (may_be_any and coalesce(platform, '') = '*')
