-- Grain: one commerce customer with an active order in the window, window length and key scope. Its
-- presence is that of its worst destination: absent wins, then present, present_blocked,
-- covered_by_default_customer.
with

presence as (
    select * from {{ ref('fct_customer_presence') }}
),

window_orders as (
    select * from {{ ref('int_window_orders_listed') }}
),

dataverse_matches as (
    select distinct customer_id from {{ ref('int_party_matches') }}
    where key_scope = 'headline' and dataverse_key is not null
),

loaded as (
    select distinct is_dataverse_loaded from {{ ref('dim_cards') }}
),

ranked as (
    select
        *,
        case presence
            when 'absent' then 1
            when 'present' then 2
            when 'present_blocked' then 3
            else 4
        end as presence_rank
    from presence
),

customers as (
    select
        window_days,
        key_scope,
        customer_id,
        min(presence_rank) as presence_rank,
        sum(order_count) as order_count,
        sum(case when presence = 'absent' then open_value_reporting else 0 end)
            as blocked_value_reporting,
        bool_or(presence = 'absent' and is_rate_missing) as is_rate_missing
    from ranked
    group by window_days, key_scope, customer_id
),

segments as (
    select
        window_days,
        customer_id,
        min(order_segment_code) as segment_code,
        {{ sorted_list('platform') }} as platforms
    from window_orders
    group by window_days, customer_id
)

select
    cast(customers.window_days as int) as window_days,
    cast(customers.key_scope as string) as key_scope,
    cast(customers.customer_id as string) as customer_id,
    cast(segments.segment_code as string) as segment_code,
    cast(segments.platforms as string) as platforms,
    cast(
        case customers.presence_rank
            when 1 then 'absent'
            when 2 then 'present'
            when 3 then 'present_blocked'
            else 'covered_by_default_customer'
        end as string
    ) as presence,
    cast(customers.order_count as bigint) as order_count,
    cast(customers.blocked_value_reporting as decimal(18, 2)) as blocked_value_reporting,
    customers.is_rate_missing,
    case
        when dataverse_matches.customer_id is not null then true
        when loaded.is_dataverse_loaded then false
    end as is_in_dataverse
from customers
inner join segments
    on customers.window_days = segments.window_days
    and customers.customer_id = segments.customer_id
left join dataverse_matches
    on customers.customer_id = dataverse_matches.customer_id
cross join loaded
