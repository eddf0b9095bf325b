{#
    Whether a row of this run may take the place of the row in the memory for the same as-of date. Both have
    as_of_at, measured_at, is_backfilled (measured after its day) and is_whole_day. The cards and the worklist ask the
    same. In order: a whole day never gives way to a part of it; today grows; a backfill replaces; what was measured on
    its own day stays; a whole day gives way to the same day of the same time zone; a part to the whole or a longer part.
#}
{% macro replaces_remembered(new, remembered) -%}
case
    when {{ remembered }}.is_whole_day and not {{ new }}.is_whole_day then false
    when not {{ new }}.is_backfilled
        then least({{ new }}.as_of_at, {{ new }}.measured_at)
            >= least({{ remembered }}.as_of_at, {{ remembered }}.measured_at)
    when {{ var('backfill') }} then true
    when not {{ remembered }}.is_backfilled then false
    when {{ remembered }}.is_whole_day then {{ new }}.as_of_at = {{ remembered }}.as_of_at
    else {{ new }}.is_whole_day or {{ new }}.as_of_at >= {{ remembered }}.as_of_at
end
{%- endmacro %}
