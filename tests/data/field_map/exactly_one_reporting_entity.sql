-- What: exactly one legal entity is the reporting entity.
-- When it matters: otherwise its exchange rates cannot be preferred.
-- How to fix: set is_reporting_entity to true in one row of field_map_legal_entities, false in the
-- others.
{{ config(group='data_platform') }}
with

counted as (
    select count(case when is_reporting_entity then 1 end) as reporting_entity_count
    from {{ ref('field_map_legal_entities') }}
)

select reporting_entity_count
from counted
where reporting_entity_count != 1
