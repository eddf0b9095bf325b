-- What: of the loaded F&O rates some are of the rate type of var exchange_rate_type; and two
-- organisations that quote one pair of currencies agree on the as-of date within 1 %; and reports
-- are in the currency of the reporting entity.
-- When it matters: without a rate of the type no foreign order has a value; of two rates the one
-- of the reporting entity applies, and the other may be of a sandbox. Other reports show converted
-- amounts that no ledger has.
-- How to fix: set exchange_rate_type to one of the types named; remove the extracts of a test
-- environment, or correct the rate in D365; set reporting_currency.
{{ config(severity='warn', group='data_platform') }}
with

fo_rates as (
    select * from {{ ref('stg_d365_fo__exchange_rates') }}
),

exchange_rates as (
    select * from {{ ref('int_exchange_rates_unioned') }}
),

types as (
    select
        {{ sorted_list('rate_type_name') }} as rate_types,
        bool_or(lower(rate_type_name) = lower('{{ var("exchange_rate_type") }}')) as is_in_use
    from fo_rates
),

ranked as (
    select
        *,
        row_number() over (
            partition by source_rank, instance, from_currency_code, to_currency_code
            order by is_inverse asc, valid_from_date desc
        ) as rate_rank
    from exchange_rates
    where valid_from_date <= {{ as_of_date() }}
        and from_currency_code < to_currency_code
),

pairs as (
    select
        from_currency_code,
        to_currency_code,
        {{ sorted_list("instance || ' ' || cast(cast(rate as decimal(18, 6)) as string)") }}
            as rates
    from ranked
    where rate_rank = 1
    group by from_currency_code, to_currency_code
    having max(rate) > min(rate) * 1.01
)

select
    'no rate is of the type {{ var("exchange_rate_type") }}: the types are '
        || coalesce(rate_types, 'blank') as finding
from types
where not coalesce(is_in_use, false)
    and exists (select 1 from fo_rates)
union all
select 'rates from ' || from_currency_code || ' to ' || to_currency_code || ' differ: ' || rates
from pairs
union all
select 'amounts are in {{ var("reporting_currency") }}, those of the reporting entity '
    || legal_entity_id || ' in ' || upper(trim(functional_currency_code))
from {{ ref('field_map_legal_entities') }}
where is_reporting_entity
    and upper(trim(functional_currency_code)) != '{{ var("reporting_currency") }}'
