-- Grain: one opening of a customer and expected destination: from the first as-of date that lists
-- it as absent until the date that sees it in D365. It follows subjects and orders, not the id of
-- the day. Absent again after that is a further opening; a pause without orders in the window is
-- none.
with

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
),

listed as (
    select * from {{ ref('onboarding_absence_openings') }}
),

links as (
    select
        *,
        bool_or(is_absent) over (partition by opening_id) as has_absent,
        max(held_by) over (partition by opening_id) as any_held_by,
        row_number() over (partition by opening_id order by linked_customer_id asc) as link_number
    from {{ ref('onboarding_opening_links') }}
),

left_list as (
    select
        links.*,
        case
            when links.status != 'absent' then null
            when links.has_absent then 'merged'
            when links.any_held_by is not null then 'cleared'
        end as new_status
    from links
    left join listed
        on links.opening_id = listed.opening_id
    where links.link_number = 1
        and listed.opening_id is null
),

openings as (
    select
        opening_id,
        customer_id,
        destination_key,
        expected_legal_entity_id,
        'absent' as status,
        as_of_date as status_date,
        cast(null as string) as cleared_by,
        opening_number,
        is_split,
        first_seen_date,
        as_of_date as last_seen_date,
        previously_seen_date,
        false as is_redirected,
        subject_ids,
        order_ids,
        last_order_at,
        primary_reason,
        blocked_value_reporting
    from listed
    union all
    select
        left_list.opening_id,
        left_list.customer_id,
        left_list.destination_key,
        left_list.expected_legal_entity_id,
        coalesce(left_list.new_status, left_list.status) as status,
        case when left_list.new_status is null then left_list.status_date else cards.as_of_date end
            as status_date,
        case when left_list.new_status = 'cleared' then left_list.any_held_by
            else left_list.cleared_by end as cleared_by,
        left_list.opening_number,
        false as is_split,
        left_list.first_seen_date,
        left_list.last_seen_date,
        left_list.last_seen_date as previously_seen_date,
        left_list.is_redirected,
        left_list.subject_ids,
        left_list.order_ids,
        left_list.last_order_at,
        left_list.primary_reason,
        left_list.blocked_value_reporting
    from left_list
    cross join cards
),

aged as (
    select
        openings.*,
        cards.as_of_date,
        cast({{ dbt.datediff('openings.first_seen_date', 'openings.status_date', 'day') }} as int)  -- noqa: LT05
            as days_open
    from openings
    cross join cards
)

select
    opening_id,
    cast(customer_id || '|' || destination_key as string) as worklist_key,
    customer_id,
    destination_key,
    expected_legal_entity_id,
    cast(status as string) as status,
    opening_number,
    opening_number > 1 as is_reopened,
    is_split,
    first_seen_date,
    last_seen_date,
    previously_seen_date,
    case when status = 'cleared' then status_date end as cleared_date,
    cast(cleared_by as string) as cleared_by,
    case when status = 'merged' then status_date end as merged_date,
    last_seen_date = as_of_date as is_listed,
    is_redirected,
    days_open,
    cast(
        case
            when days_open <= 1 then '0-1 days'
            when days_open <= 3 then '2-3 days'
            when days_open <= 7 then '4-7 days'
            when days_open <= 30 then '8-30 days'
            else 'over 30 days'
        end as string
    ) as aging_bucket,
    primary_reason,
    blocked_value_reporting,
    subject_ids,
    order_ids,
    last_order_at
from aged
