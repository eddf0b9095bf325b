-- What: the source_field of every active match key occurs in the loaded data of its platform, if
-- its D365 system is loaded too.
-- When it matters: a field that is never filled, or misspelt, matches no customer.
-- How to fix: deactivate the row if the shops do not fill the field or their export cannot give
-- it; else compare source_field with docs/glossary.md.
{{ config(severity='warn', group='data_platform') }}
with

match_keys as (
    select distinct match_key_id, platform, source_field from {{ ref('int_match_keys_active') }}
    where d365_system in (select d365_system from {{ ref('int_erp_parties') }})
),

subject_fields as (
    select distinct platform, mapped_field as source_field from {{ ref('int_subject_fields') }}
),

loaded_platforms as (
    select distinct platform from subject_fields
),

needed as (
    select distinct
        match_keys.match_key_id,
        match_keys.platform,
        match_keys.source_field
    from match_keys
    inner join loaded_platforms
        on match_keys.platform in ('*', loaded_platforms.platform)
)

select
    needed.match_key_id,
    needed.platform,
    needed.source_field
from needed
left join subject_fields
    on needed.source_field = subject_fields.source_field
    and needed.platform in ('*', subject_fields.platform)
where subject_fields.source_field is null
