-- Grain: one combination of key types by which the headline can be counted, and one customer of its
-- window and destination in which none of these keys resolves and which no default customer covers;
-- a combination that finds everyone has one row without a customer. Seven combinations of e-mail,
-- external id and tax id; twice as many and one when the headline also uses name and address, or
-- contacts. Who is one customer and what people decided stays: only what the master is asked for
-- changes.
{% set key_types = key_kinds() | map(attribute='key_type') | list + ['contact_email'] %}
{% set always = ['email', 'external_id', 'tax_id'] %}
with

match_keys as (
    select * from {{ ref('int_match_keys_active') }}
    where key_scope = 'headline'
),

destinations as (
    select presence.*
    from {{ ref('fct_customer_presence') }} as presence
    inner join {{ ref('stg_cards__windows') }} as windows
        on presence.window_days = windows.window_days
        and windows.card_id = 'ecom_customers_absent_from_d365_customer_master'
    where presence.key_scope = 'headline' and not presence.is_covered_by_default_customer
),

found as (
    select
        customer_id,
        destination_key,
        {% for key_type in key_types %}
        contains(', ' || matched_key_types || ',', ', {{ key_type }},')
            as by_{{ key_type }},
        {% endfor %}
        contains(', ' || matched_key_types || ',', ', decision,') as by_decision
    from {{ ref('int_destination_matches') }}
    where key_scope = 'headline'
),

switches as (
    select 0 as is_on
    union all
    select 1 as is_on
),

{% for key_type in key_types if key_type not in always %}
{{ key_type }}_switches as (
    select 0 as is_on
    union all
    select distinct 1 as is_on
    from match_keys
    where matched_as = '{{ key_type }}'
),
{% endfor %}

switched as (
    select
        {% for key_type in key_types %}
        {{ key_type }}s.is_on as has_{{ key_type }},
        {% endfor %}
        {% for key_type in key_types %}
        {{ key_type }}s.is_on{{ ' +' if not loop.last }}
        {% endfor %} as key_type_count
    from
        {% for key_type in key_types %}
        {{ 'cross join' if not loop.first }}
        {{ (key_type ~ '_switches') if key_type not in always else 'switches' }} as {{ key_type }}s
        {% endfor %}
),

combinations as (
    select
        *,
        concat_ws(
            ' + ',
            {% for key_type in key_types %}
            case when has_{{ key_type }} = 1 then '{{ key_type }}' end{{ ',' if not loop.last }}
            {% endfor %}
        ) as key_types,
        key_type_count = max(key_type_count) over () as is_headline
    from switched
    where key_type_count > 0
),

absences as (
    select
        combinations.key_types,
        destinations.customer_id,
        destinations.destination_key,
        destinations.segment_code,
        destinations.order_count,
        destinations.open_value_reporting,
        destinations.unrated_values
    from destinations
    cross join combinations
    left join found
        on destinations.customer_id = found.customer_id
        and destinations.destination_key = found.destination_key
    where not coalesce(
        {% for key_type in key_types %}
        (combinations.has_{{ key_type }} = 1 and found.by_{{ key_type }})
        or
        {% endfor %}
        found.by_decision,
        false
    )
)

select
    combinations.key_types,
    combinations.key_type_count,
    combinations.is_headline,
    absences.customer_id,
    absences.destination_key,
    absences.segment_code,
    absences.order_count,
    absences.open_value_reporting,
    absences.unrated_values
from combinations
left join absences
    on combinations.key_types = absences.key_types
