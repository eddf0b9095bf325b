-- What: every platform that the field map names is one of var platforms, or * where a row may stand
-- for all.
-- When it matters: a row for an unknown platform is never used, in silence.
-- How to fix: write the platform as dbt_project.yml does, or add the platform there
-- (CONTRIBUTING.md).
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
