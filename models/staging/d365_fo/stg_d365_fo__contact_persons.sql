-- Grain: one contact person of one party (AssociatedPartyNumber) in one F&O company.
{% set casts = [
    ('is_inactive', 'is_inactive', 'boolean or false'),
] %}
with

contact_persons as (
    select * from {{ source('raw_d365_fo', 'contact_persons') }}
)

select
    instance,
    lower(trim(data_area_id)) as data_area_id,
    contact_person_id,
    {{ blank_to_null('associated_party_number') }} as associated_party_number,
    {{ blank_to_null('primary_email_address') }} as email,
    {{ typed(casts) }},
    {{ rejected(
        'd365_fo',
        'contact_persons',
        "lower(data_area_id) || ' ' || contact_person_id",
        casts
    ) }}
from contact_persons
