-- What: raw orders = staged orders + orders outside the look-back, per platform.
-- When it matters: always. A join or cast in staging that drops an order loses its customer.
-- How to fix: anti join the raw orders with the staging model, which may filter only on the look-
-- back.
{{ config(group='data_platform') }}
with

look_back as (
    select min(look_back_start_at) as look_back_start_at, max(window_end_at) as look_back_end_at
    from {{ ref('stg_cards__windows') }}
),

{% for platform in var('platforms') %}
{{ platform }}_counted as (
    select
        '{{ platform }}' as platform,
        count(*) as raw_count,
        count(case
            when raw_orders._ordered_at < look_back.look_back_start_at
                or raw_orders._ordered_at >= look_back.look_back_end_at then 1
        end) as outside_count,
        (select count(*) from {{ ref('stg_' ~ platform ~ '__orders') }}) as staged_count
    from {{ source('raw_' ~ platform, 'orders') }} as raw_orders
    cross join look_back
),
{% endfor %}

counted as (
    {% for platform in var('platforms') %}
    select platform, raw_count, outside_count, staged_count from {{ platform }}_counted
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    platform,
    raw_count,
    outside_count,
    staged_count
from counted
where raw_count != outside_count + staged_count
