-- Grain: one order date and order currency of the look-back, with the rate into the reporting
-- currency. Both legs of a rate are of one organisation (F&O environment, company of Business
-- Central, Dataverse), the reporting entity first: direct, inverse, cross. Cross goes through the
-- currency of a legal entity in F&O, in Business Central to the local currency and from there. Last
-- resort: the current rates of Dataverse.
{% set reporting = "'" ~ var('reporting_currency') ~ "'" %}
{% set organisation = 'order_date, source_rank, instance' %}
with

needed as (
    select distinct order_date, order_currency_code
    from ({{ platform_orders() }}) as orders
    where order_currency_code is not null
),

exchange_rates as (
    select * from {{ ref('int_exchange_rates_unioned') }}
),

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
),

reporting_organisations as (
    select 1 as source_rank, lower(d365_customers.instance) as instance
    from {{ ref('int_erp_parties') }} as d365_customers
    inner join legal_entities
        on d365_customers.legal_entity_id = coalesce(
            legal_entities.customer_master_legal_entity_id, legal_entities.legal_entity_id
        )
    where legal_entities.is_reporting_entity and d365_customers.d365_system = 'fo'
    union
    select 2, lower(trim(erp_code)) from legal_entities
    where is_reporting_entity and lower(erp) = 'bc'
),

dataverse_currencies as (
    select instance, currency_code, max(units_per_base) as units_per_base
    from {{ ref('stg_dataverse__currencies') }}
    where units_per_base > 0 and is_active is not false
    group by instance, currency_code
),

ranked_by_date as (
    select
        order_dates.order_date,
        exchange_rates.*,
        case when reporting_organisations.instance is null then 2 else 1 end as organisation_rank,
        row_number() over (
            partition by order_dates.order_date, exchange_rates.source_rank,
                exchange_rates.instance, exchange_rates.rate_series, exchange_rates.is_inverse
            order by exchange_rates.valid_from_date desc
        ) as rate_rank
    from (select distinct order_date from needed) as order_dates
    inner join exchange_rates
        on order_dates.order_date >= exchange_rates.valid_from_date
    left join reporting_organisations
        on exchange_rates.source_rank = reporting_organisations.source_rank
        and lower(exchange_rates.instance) = reporting_organisations.instance
),

dated_rates as (
    select
        ranked_by_date.*,
        row_number() over (
            partition by {{ organisation }}, from_currency_code, to_currency_code
            order by is_inverse asc
        ) as pair_rank
    from ranked_by_date
    where rate_rank = 1
),

{{ local_rates('dated_rates', organisation) }},

legs as (
    select {{ organisation }}, organisation_rank, from_currency_code, to_currency_code,
        cast(rate as double) as rate
    from dated_rates
    where source_rank = 1 and pair_rank = 1
    union all
    select {{ organisation }}, organisation_rank, currency_code, local_currency_code, rate
    from local_rates
    union all
    select {{ organisation }}, organisation_rank, local_currency_code, currency_code, 1 / rate
    from local_rates
    where currency_code != local_currency_code
),

found as (
    select order_date, order_currency_code, 0 as organisation_rank, 1 as method_rank,
        'same' as rate_method, '' as through_currency_code, cast(null as date) as valid_from_date,
        0 as source_rank, '' as instance, cast(1 as double) as rate
    from needed
    where order_currency_code = {{ reporting }}
    union all
    select order_date, from_currency_code, organisation_rank,
        case when is_inverse then 3 else 2 end,
        case when is_inverse then 'inverse' else 'direct' end, '', valid_from_date, source_rank,
        instance, cast(rate as double)
    from dated_rates
    where to_currency_code = {{ reporting }}
    union all
    select first_leg.order_date, first_leg.from_currency_code, first_leg.organisation_rank, 4,
        'cross', first_leg.to_currency_code, null, first_leg.source_rank, first_leg.instance,
        first_leg.rate * second_leg.rate
    from legs as first_leg
    inner join legs as second_leg
        on first_leg.order_date = second_leg.order_date
        and first_leg.source_rank = second_leg.source_rank
        and first_leg.instance = second_leg.instance
        and first_leg.to_currency_code = second_leg.from_currency_code
        and second_leg.to_currency_code = {{ reporting }}
    where first_leg.source_rank = 2
        or first_leg.to_currency_code != {{ reporting }} and first_leg.to_currency_code in (
            select upper(trim(functional_currency_code)) from legal_entities
        )
    union all
    select needed.order_date, needed.order_currency_code, 3, 5, 'dataverse', '', null, 3,
        reporting.instance, cast(reporting.units_per_base as double)
        / cast(order_currencies.units_per_base as double)
    from needed
    inner join dataverse_currencies as order_currencies
        on needed.order_currency_code = order_currencies.currency_code
    inner join dataverse_currencies as reporting
        on order_currencies.instance = reporting.instance
        and reporting.currency_code = {{ reporting }}
),

ranked as (
    select
        found.*,
        row_number() over (
            partition by found.order_date, found.order_currency_code
            order by organisation_rank asc, method_rank asc, valid_from_date desc nulls last,
                source_rank asc, instance asc, through_currency_code asc
        ) as method_order
    from found
    inner join needed
        on found.order_date = needed.order_date
        and found.order_currency_code = needed.order_currency_code
)

select
    order_date,
    order_currency_code,
    rate_method,
    through_currency_code,
    try_cast(rate as decimal(20, 12)) as rate
from ranked
where method_order = 1
