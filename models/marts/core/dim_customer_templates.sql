-- Grain: one legal entity and segment: what a new D365 customer gets there. A row of the entity
-- before one of the entity whose customer master it shares, a row for the segment before one for
-- every segment ('*'); has_template is false when the field map has none of them.
with

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
),

templates as (
    select * from {{ ref('field_map_customer_templates') }}
),

segments as (
    select 'B2B' as segment_code
    union all
    select 'DTC' as segment_code
),

ranked as (
    select
        legal_entities.legal_entity_id,
        legal_entities.erp,
        coalesce(masters.erp_code, legal_entities.erp_code) as erp_code,
        segments.segment_code,
        templates.legal_entity_id is not null as has_template,
        templates.customer_group_id,
        templates.currency_code,
        templates.payment_terms_id,
        templates.language_id,
        templates.account_number_prefix,
        row_number() over (
            partition by legal_entities.legal_entity_id, segments.segment_code
            order by
                lower(trim(templates.legal_entity_id)) = lower(legal_entities.legal_entity_id)
                    desc nulls last,
                templates.segment_code = '*' asc nulls last
        ) as template_rank
    from legal_entities
    cross join segments
    left join legal_entities as masters
        on legal_entities.customer_master_legal_entity_id = masters.legal_entity_id
    left join templates
        on lower(trim(templates.legal_entity_id)) in (
            lower(trim(legal_entities.legal_entity_id)), lower(trim(masters.legal_entity_id))
        )
        and upper(trim(templates.segment_code)) in ('*', segments.segment_code)
)

select
    cast(legal_entity_id as string) as legal_entity_id,
    cast(segment_code as string) as segment_code,
    cast(lower(erp) as string) as erp,
    cast(lower(erp_code) as string) as erp_code,
    has_template,
    cast({{ blank_to_null('customer_group_id') }} as string) as customer_group_id,
    cast(upper({{ blank_to_null('currency_code') }}) as string) as currency_code,
    cast({{ blank_to_null('payment_terms_id') }} as string) as payment_terms_id,
    cast({{ blank_to_null('language_id') }} as string) as language_id,
    cast({{ blank_to_null('account_number_prefix') }} as string) as account_number_prefix
from ranked
where template_rank = 1
