-- Grain: one as-of date and customer and expected destination that was absent on it (absent),
-- or that an earlier date listed and D365 holds by now (cleared, on the first date that sees it).
-- A date with neither has one row without a customer (nobody).
-- A row measured on its own day is replaced only on that day, or by an explicit backfill; a date on
-- which the headline is not measurable writes nothing.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='as_of_date',
    on_schema_change='append_new_columns',
    full_refresh=false,
) }}
with

cards as (
    select * from {{ ref('dim_cards') }}
    where card_id = 'ecom_customers_absent_from_d365_customer_master'
        and is_measurable
),

absences as (
    select * from {{ ref('onboarding_absences') }}
),

held_customers as (  -- noqa: ST03
    select * from {{ ref('onboarding_held_customers') }}
),

{% if is_incremental() %}
earlier_rows as (
    select
        history.*,
        row_number() over (
            partition by history.worklist_key order by history.as_of_date desc
        ) as date_rank
    from {{ this }} as history
    inner join cards
        on history.as_of_date < cards.as_of_date
),
{% endif %}

listed as (
    select customer_id || '|' || destination_key as worklist_key, customer_id, destination_key,
        expected_legal_entity_id, 'absent' as status, cast(null as string) as cleared_by,
        primary_reason, blocked_value_reporting
    from absences
    {% if is_incremental() %}
    union all
    select earlier_rows.worklist_key, earlier_rows.customer_id, earlier_rows.destination_key,
        earlier_rows.expected_legal_entity_id, 'cleared', held_customers.held_by,
        earlier_rows.primary_reason, earlier_rows.blocked_value_reporting
    from earlier_rows
    inner join held_customers
        on earlier_rows.customer_id = held_customers.customer_id
        and earlier_rows.destination_key = held_customers.destination_key
    where earlier_rows.date_rank = 1
        and earlier_rows.status = 'absent'
    {% endif %}
),

new_rows as (
    select
        cards.as_of_date,
        cards.as_of_at,
        cards.as_of_date < {{ run_date() }} as is_backfilled,
        listed.*
    from cards
    left join listed
        on listed.worklist_key is not null
)

select
    new_rows.as_of_date,
    new_rows.as_of_at,
    cast(coalesce(new_rows.worklist_key, '(nobody)') as string) as worklist_key,
    new_rows.customer_id,
    new_rows.destination_key,
    new_rows.expected_legal_entity_id,
    cast(coalesce(new_rows.status, 'nobody') as string) as status,
    cast(new_rows.cleared_by as string) as cleared_by,
    new_rows.primary_reason,
    new_rows.blocked_value_reporting,
    {{ run_at() }} as measured_at,
    new_rows.is_backfilled
from new_rows
{% if is_incremental() %}
where not exists (
    select 1 from {{ this }} as history
    where history.as_of_date = new_rows.as_of_date
        and not history.is_backfilled
        and new_rows.is_backfilled
        and not {{ var('backfill') }}
)
{% endif %}
