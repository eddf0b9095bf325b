-- Grain: one name, e-mail, tax id or phone number of one absent customer (side commerce) or D365
-- customer (side d365), cleaned; no placeholders of the field map.
with

gathered as (
    select * from {{ ref('int_commerce_values_gathered') }}
    union all
    select * from {{ ref('int_master_values_gathered') }}
),

split as (
    select
        side,
        holder_key,
        value_type,
        {{ split_rows("value_text", ';') }} as value_text
    from gathered
),

cleaned as (
    select distinct
        side,
        holder_key,
        value_type,
        case
            when value_type = 'email' then {{ canonical_email('value_text') }}
            -- digits, without the extension: 555 0100 x 12
            when value_type = 'phone'
                then {{ replace_pattern(
                    replace_pattern('lower(value_text)', '(x|#).*'), '[^0-9]'
                ) }}
            else trim(value_text)
        end as value_text
    from split
)

select
    side,
    holder_key,
    value_type,
    value_text
from cleaned
where value_text != ''
    and (
        value_type != 'email'
        or (
            {{ is_valid_email('value_text') }}
            and not {{ is_ignored_key("'email'", 'cleaned.value_text') }}
        )
    )
