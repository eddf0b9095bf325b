-- Grain: one absent customer of the headline and expected destination, as the D365 customer record
-- that would be created for it. Name and address are those of its newest order there, an order for
-- a company before one of an account before one of a guest. The external id is of the customer, the
-- same at every destination. erp `unresolved`: no single entity.
{% set type_rank = "subject_type when 'company' then '1' when 'account' then '2' else '3' end" %}
with

absences as (
    select customer_id, destination_key, expected_legal_entity_id, segment_code
    from {{ ref('fct_customer_presence') }}
    where is_in_headline
),

templates as (
    select
        absences.customer_id,
        absences.destination_key,
        lower(legal_entities.erp) as erp,
        lower(coalesce(masters.erp_code, legal_entities.erp_code)) as erp_code,
        templates.legal_entity_id is not null as has_template,
        {{ blank_to_null('templates.customer_group_id') }} as customer_group_id,
        upper({{ blank_to_null('templates.currency_code') }}) as currency_code,
        {{ blank_to_null('templates.payment_terms_id') }} as payment_terms_id,
        {{ blank_to_null('templates.language_id') }} as language_id,
        {{ blank_to_null('templates.account_number_prefix') }} as account_number_prefix,
        row_number() over (
            partition by absences.customer_id, absences.destination_key
            order by
                lower(trim(templates.legal_entity_id)) = lower(legal_entities.legal_entity_id)
                    desc nulls last,
                templates.segment_code = '*' asc nulls last
        ) as template_rank
    from absences
    inner join {{ ref('field_map_legal_entities') }} as legal_entities
        on absences.expected_legal_entity_id = legal_entities.legal_entity_id
    left join {{ ref('field_map_legal_entities') }} as masters
        on legal_entities.customer_master_legal_entity_id = masters.legal_entity_id
    left join {{ ref('field_map_customer_templates') }} as templates
        on lower(trim(templates.legal_entity_id))
            in (lower(trim(legal_entities.legal_entity_id)), lower(trim(masters.legal_entity_id)))
        and upper(trim(templates.segment_code)) in ('*', absences.segment_code)
),

newest_orders as (
    select
        absences.*,
        orders.subject_type,
        {{ one_line('orders.company_name') }} as company_name,
        {{ one_line('orders.person_name') }} as person_name,
        orders.country_code,
        orders.country_text,
        {{ one_line('orders.street') }} as street,
        {{ one_line('orders.city') }} as city,
        {{ one_line('orders.postal_code') }} as postal_code,
        row_number() over (
            partition by absences.customer_id, absences.destination_key
            order by
                case orders.{{ type_rank }} asc,
                orders.ordered_at desc,
                orders.order_key desc
        ) as order_rank
    from absences
    inner join {{ ref('int_order_destinations') }} as destinations
        on absences.customer_id = destinations.customer_id
        and absences.destination_key = destinations.destination_key
    inner join {{ ref('int_orders') }} as orders
        on destinations.order_key = orders.order_key
    where orders.is_active
),

named as (
    select customer_id, min(case {{ type_rank }} || subject_key) as ranked_key
    from {{ ref('int_customers') }}
    group by customer_id
),

party_numbers as (
    -- F&O has it in another company as one party: it gets a customer there, not a second party
    select
        matches.customer_id,
        max(d365_customers.party_number) as party_number
    from {{ ref('int_party_matches') }} as matches
    inner join {{ ref('int_erp_parties') }} as d365_customers
        on matches.d365_customer_key = d365_customers.party_key
    where matches.key_scope = 'headline'
    group by matches.customer_id
    having count(distinct d365_customers.party_number) = 1
),

judged as (
    select
        *,
        subject_type = 'company'
            or (company_name is not null and (person_name is null or segment_code = 'B2B'))
            as is_organization
    from newest_orders
    where order_rank = 1
)

select
    judged.customer_id || '|' || judged.destination_key as worklist_key,
    judged.customer_id,
    judged.destination_key,
    judged.expected_legal_entity_id,
    coalesce(templates.erp, 'unresolved') as erp,
    templates.erp_code,
    judged.segment_code,
    case when judged.is_organization then 'Organization' else 'Person' end as party_type,
    case left(named.ranked_key, 1)
        when '1' then replace(substr(named.ranked_key, 2), ':company:', ':')
        when '2' then replace(substr(named.ranked_key, 2), ':account:', ':')
        else 'guest:' || judged.customer_id
    end as external_id,
    templates.account_number_prefix || upper(left(judged.customer_id, 12)) as account_number,
    party_numbers.party_number,
    case when judged.is_organization then judged.company_name else judged.person_name end
        as customer_name,
    -- the last word is the last name; a single word is a first name
    case when not judged.is_organization then coalesce(
        nullif({{ replace_pattern('judged.person_name', ' ?[^ ]*$') }}, ''), judged.person_name
    ) end as person_first_name,
    case
        when not judged.is_organization and contains(judged.person_name, ' ')
            then {{ replace_pattern('judged.person_name', '^.* ') }}
    end as person_last_name,
    details.email, details.email_text,
    details.tax_id, details.tax_id_text, details.is_tax_id_valid,
    judged.country_code,
    countries.country_code_3,
    judged.country_text,
    judged.street, judged.city, judged.postal_code,
    coalesce(templates.has_template, false) as has_template,
    templates.customer_group_id,
    templates.currency_code,
    templates.payment_terms_id,
    templates.language_id
from judged
left join templates
    on judged.customer_id = templates.customer_id
    and judged.destination_key = templates.destination_key
    and templates.template_rank = 1
left join named
    on judged.customer_id = named.customer_id
left join party_numbers
    on judged.customer_id = party_numbers.customer_id
left join {{ ref('int_customer_details') }} as details
    on judged.customer_id = details.customer_id
left join {{ ref('iso_countries') }} as countries
    on judged.country_code = countries.country_code
