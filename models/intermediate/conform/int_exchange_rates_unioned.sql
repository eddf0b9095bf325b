-- Grain: one quoted rate of the D365 rate tables, in both directions: amount × rate = amount in
-- to_currency_code. A later rate replaces the earlier ones of its rate_series: in F&O a currency
-- pair, in a company of Business Central a currency, whatever it is quoted in.
with

fo_rates as (
    select * from {{ ref('stg_d365_fo__exchange_rates') }}
    where lower(rate_type_name) = lower('{{ var("exchange_rate_type") }}')
        and rate > 0
),

bc_rates as (
    select * from {{ ref('stg_d365_bc__currency_exchange_rates') }}
    where exchange_rate_amount > 0 and relational_exchange_rate_amount > 0
),

legal_entities as (
    select * from {{ ref('field_map_legal_entities') }}
    where lower(erp) = 'bc'
),

quoted as (
    select
        1 as source_rank,
        instance,
        from_currency_code || '>' || to_currency_code as rate_series,
        cast(null as string) as local_currency_code,
        from_currency_code,
        to_currency_code,
        valid_from_date,
        try_cast(rate / conversion_factor as decimal(20, 12)) as rate,
        try_cast(conversion_factor / rate as decimal(20, 12)) as inverse_rate
    from fo_rates
    union all
    select
        2 as source_rank,
        bc_rates.instance,
        bc_rates.currency_code as rate_series,
        upper(trim(legal_entities.functional_currency_code)) as local_currency_code,
        bc_rates.currency_code as from_currency_code,
        coalesce(
            bc_rates.relational_currency_code, upper(trim(legal_entities.functional_currency_code))
        ) as to_currency_code,
        bc_rates.valid_from_date,
        try_cast(bc_rates.relational_exchange_rate_amount
            / bc_rates.exchange_rate_amount as decimal(20, 12))
            as rate,
        try_cast(bc_rates.exchange_rate_amount
            / bc_rates.relational_exchange_rate_amount as decimal(20, 12))
            as inverse_rate
    from bc_rates
    left join legal_entities
        on lower(bc_rates.instance) = lower(trim(legal_entities.erp_code))
),

-- one day may come twice: as a date and as a time, or recreated under another id
ranked as (
    select
        quoted.*,
        row_number() over (
            partition by source_rank, instance, rate_series, valid_from_date
            order by to_currency_code asc nulls last, rate asc, inverse_rate desc
        ) as rate_rank
    from quoted
    where rate is not null and inverse_rate is not null
)

select
    source_rank,
    instance,
    rate_series,
    local_currency_code,
    from_currency_code,
    to_currency_code,
    valid_from_date,
    false as is_inverse,
    rate
from ranked
where rate_rank = 1
union all
select
    source_rank,
    instance,
    rate_series,
    local_currency_code,
    to_currency_code as from_currency_code,
    from_currency_code as to_currency_code,
    valid_from_date,
    true as is_inverse,
    inverse_rate as rate
from ranked
where rate_rank = 1
