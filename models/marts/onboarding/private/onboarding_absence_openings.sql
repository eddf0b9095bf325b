-- Grain: one absent customer of the headline and expected destination, with the opening it is in:
-- the one it goes on with, else a new one. Of several openings it goes on with the one listed last
-- and keeps the earliest first date; of several customers that come of one, one goes on with it.
with

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
),

absences as (
    select * from {{ ref('onboarding_absences') }}
),

customers as (
    select * from {{ ref('dim_commerce_customers') }}
),

links as (
    select
        *,
        row_number() over (
            partition by linked_customer_id, destination_key
            order by
                status asc, last_seen_date desc, customer_id = linked_customer_id desc,
                first_seen_date asc, opening_id asc
        ) as opening_rank
    from {{ ref('onboarding_opening_links') }}
    where is_absent and status in ('absent', 'cleared')
),

continued as (
    select
        opening_id,
        linked_customer_id,
        row_number() over (
            partition by opening_id
            order by customer_id = linked_customer_id desc, linked_customer_id asc
        ) as customer_rank
    from links
    where status = 'absent' and opening_rank = 1
),

inherited as (
    select
        links.linked_customer_id as customer_id,
        links.destination_key,
        max(case when links.linked_customer_id = continued.linked_customer_id
            then links.opening_id end) as opening_id,
        max(case when links.linked_customer_id = continued.linked_customer_id
            then links.last_seen_date end) as previously_seen_date,
        min(case when links.status = 'absent'
            and (links.opening_rank = 1 or continued.opening_id is null)
            then links.first_seen_date end) as first_seen_date,
        max(case when links.status = 'absent' and links.opening_rank = 1
            then links.opening_number end) as open_number,
        max(case when links.status = 'cleared' then links.opening_number end) as closed_number
    from links
    left join continued
        on links.opening_id = continued.opening_id
        and continued.customer_rank = 1
    group by links.linked_customer_id, links.destination_key
),

-- also subjects that have left the look-back; after a split those of the other are not its own
followed as (
    select
        absences.customer_id,
        absences.destination_key,
        {{ split_rows('customers.subject_ids', ',') }} as subject_id
    from absences
    inner join customers
        on absences.customer_id = customers.customer_id
    union all
    select linked_customer_id, destination_key, {{ split_rows('subject_ids', ',') }} as subject_id
    from links
    where link_count = 1
),

subjects as (
    select customer_id, destination_key, {{ sorted_list('trim(subject_id)') }} as subject_ids
    from followed
    group by customer_id, destination_key
)

select
    cast(
        coalesce(
            inherited.opening_id,
            absences.customer_id || '|' || absences.destination_key || '|'
            || cast(cards.as_of_date as string)
        ) as string
    ) as opening_id,
    absences.customer_id,
    absences.destination_key,
    absences.expected_legal_entity_id,
    cast(coalesce(inherited.open_number, inherited.closed_number + 1, 1) as int) as opening_number,
    inherited.open_number is not null and inherited.opening_id is null as is_split,
    coalesce(inherited.first_seen_date, cards.as_of_date) as first_seen_date,
    inherited.previously_seen_date,
    cards.as_of_date,
    subjects.subject_ids,
    absences.order_ids,
    absences.last_order_at,
    absences.primary_reason,
    absences.blocked_value_reporting
from absences
cross join cards
left join inherited
    on absences.customer_id = inherited.customer_id
    and absences.destination_key = inherited.destination_key
left join subjects
    on absences.customer_id = subjects.customer_id
    and absences.destination_key = subjects.destination_key
