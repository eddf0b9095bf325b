-- By which field of a shop a customer is looked for in which field of D365. Set is_active to false where your shops do not
-- fill the field or their export cannot give it; add a row for another field. The first rows are the project's; those of
-- systems that you do not have do nothing. headline_own_field: a field in which numbers of D365 customers were found.
select match_key_id, scope, platform, key_type, source_field, d365_system, d365_field, precedence, is_active
from (
    select *, 1 as part from match_keys
    union all by name
    select
        'headline_own_field_' || d365_system || '_' || row_number() over (
            partition by d365_system order by platform, source_field
        ) as match_key_id,
        'headline' as scope, platform, 'external_id' as key_type, source_field, d365_system, d365_field,
        '14' as precedence, 'true' as is_active, 2 as part
    from facts_number_fields
)
order by part, match_key_id
