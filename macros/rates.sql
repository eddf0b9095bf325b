{#
    The CTE local_rates: of a company of Business Central, each currency in the local one (the local one itself: 1), from
    currency to currency as the rate table says. Each round doubles the length of a chain, so four follow 16 currencies; a
    circle never ends at the local currency. No recursion: Spark 3.5 has none.
#}
{% macro local_rates(dated_rates, organisation) -%}
    {% set rounds = 4 %}
chains_0 as (
    select {{ organisation }}, organisation_rank, local_currency_code, from_currency_code,
        to_currency_code, cast(rate as double) as rate
    from {{ dated_rates }}
    where source_rank = 2 and not is_inverse and from_currency_code != local_currency_code
),
{% for round in range(rounds) %}
chains_{{ round + 1 }} as (
    select here.order_date, here.source_rank, here.instance, here.organisation_rank,
        here.local_currency_code, here.from_currency_code,
        coalesce(further.to_currency_code, here.to_currency_code) as to_currency_code,
        here.rate * coalesce(further.rate, 1) as rate
    from chains_{{ round }} as here
    left join chains_{{ round }} as further
        on here.order_date = further.order_date
        and here.instance = further.instance
        and here.to_currency_code = further.from_currency_code
),
{% endfor %}
local_rates as (
    select {{ organisation }}, organisation_rank, from_currency_code as currency_code,
        local_currency_code, rate
    from chains_{{ rounds }}
    where to_currency_code = local_currency_code
    union
    select {{ organisation }}, organisation_rank, local_currency_code, local_currency_code, 1
    from chains_0
)
{%- endmacro %}
