-- Grain: one opening that an earlier date has listed, as its last row says, and one customer of
-- this date that comes of it: absent or held at the same destination, with a subject or a listed
-- order of it. An opening without such a customer has one row.
with

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
),

history as (
    select * from {{ source('memory', 'onboarding_history') }}
),

presence as (
    select * from {{ ref('fct_customer_presence') }}
    where key_scope = 'headline'
),

customers as (
    select * from {{ ref('dim_commerce_customers') }}
),

orders as (
    select
        customer_id,
        destination_key,
        is_active,
        md5(order_key) as order_id
    from {{ ref('fct_orders') }}
    where customer_id is not null
),

dated as (
    select
        history.*,
        max(history.as_of_date) over () as preceding_as_of_date,
        max(case when history.status = 'absent' then history.as_of_date end) over (
            partition by history.opening_id
        ) as last_seen_date,
        row_number() over (
            partition by history.opening_id order by history.as_of_date desc
        ) as date_rank
    from history
    inner join cards
        on history.as_of_date < cards.as_of_date
),

openings as (
    select * from dated
    where date_rank = 1 and status != 'nobody'
),

listed_ids as (
    select
        opening_id,
        destination_key,
        {{ split_rows("coalesce(subject_ids, '') || ',' || coalesce(order_ids, '')", ',') }} as id
    from openings
),

known_ids as (
    select customer_id, {{ split_rows('subject_ids', ',') }} as id
    from customers
    union all
    select customer_id, order_id as id
    from orders
),

-- absent in the window of the headline, else held by what some window says
candidates as (
    select
        presence.customer_id,
        presence.destination_key,
        bool_or(presence.presence = 'absent' and presence.window_days = cards.window_days)
            as is_absent,
        max(case when presence.presence != 'absent'
            then coalesce(presence.matched_key_type, 'default_customer') end) as held_by
    from presence
    cross join cards
    where cards.is_measurable
    group by presence.customer_id, presence.destination_key
),

links as (
    select distinct
        listed_ids.opening_id,
        candidates.customer_id,
        candidates.is_absent,
        candidates.held_by
    from listed_ids
    inner join known_ids
        on trim(listed_ids.id) = trim(known_ids.id)
    inner join candidates
        on known_ids.customer_id = candidates.customer_id
        and listed_ids.destination_key = candidates.destination_key
    where candidates.is_absent or candidates.held_by is not null
),

-- a listed order that goes to another legal entity by now
redirected as (
    select distinct listed_ids.opening_id
    from listed_ids
    inner join orders
        on trim(listed_ids.id) = orders.order_id
        and listed_ids.destination_key != orders.destination_key
    where orders.is_active
)

select
    openings.opening_id,
    openings.opening_number,
    openings.worklist_key,
    openings.customer_id,
    openings.destination_key,
    openings.expected_legal_entity_id,
    cast(openings.status as string) as status,
    openings.cleared_by,
    openings.as_of_date as status_date,
    openings.first_seen_date,
    openings.last_seen_date,
    openings.preceding_as_of_date,
    openings.primary_reason,
    openings.blocked_value_reporting,
    openings.subject_ids,
    openings.order_ids,
    openings.last_order_at,
    redirected.opening_id is not null as is_redirected,
    links.customer_id as linked_customer_id,
    coalesce(links.is_absent, false) as is_absent,
    cast(links.held_by as string) as held_by,
    count(links.customer_id) over (partition by openings.opening_id) as link_count
from openings
left join links
    on openings.opening_id = links.opening_id
left join redirected
    on openings.opening_id = redirected.opening_id
