{#
    The one place where engines differ. `default__` is Spark 3.5 SQL, `duckdb__` is DuckDB.
    Everything else in the project is the grammar both share.
#}

{# The text at a JSON path, e.g. json_text('customer', 'defaultEmailAddress.emailAddress') #}
{% macro json_text(column, path) -%}
    {{ return(adapter.dispatch('json_text', 'customer_coverage')(column, path)) }}
{%- endmacro %}
{% macro default__json_text(column, path) -%} get_json_object({{ column }}, '$.{{ path }}') {%- endmacro %}
{% macro duckdb__json_text(column, path) -%} json_extract_string({{ column }}, '$.{{ path }}') {%- endmacro %}

{# The text of a top-level JSON field whose name is data (a column), e.g. a row of the field map #}
{% macro json_field(column, field_column) -%}
    {{ return(adapter.dispatch('json_field', 'customer_coverage')(column, field_column)) }}
{%- endmacro %}
{% macro default__json_field(column, field_column) -%}
    get_json_object({{ column }}, concat('$.', {{ field_column }}))
{%- endmacro %}
{% macro duckdb__json_field(column, field_column) -%}
    json_extract_string({{ column }}, '$."' || {{ field_column }} || '"')
{%- endmacro %}

{# A text as a part of a link: every character that is not a letter, digit or one of -_.~ as %XX #}
{% macro encoded_url(column) -%}
    {{ return(adapter.dispatch('encoded_url', 'customer_coverage')(column)) }}
{%- endmacro %}
{% macro default__encoded_url(column) -%} replace(url_encode({{ column }}), '+', '%20') {%- endmacro %}
{% macro duckdb__encoded_url(column) -%} url_encode({{ column }}) {%- endmacro %}

{# One row per element of a JSON array; only in a select list. Elements stay JSON. #}
{% macro json_elements(column) -%}
    {{ return(adapter.dispatch('json_elements', 'customer_coverage')(column)) }}
{%- endmacro %}
{% macro default__json_elements(column) -%} explode(from_json({{ column }}, 'array<string>')) {%- endmacro %}
{% macro duckdb__json_elements(column) -%} unnest(json_transform({{ column }}, '["JSON"]')) {%- endmacro %}

{# A JSON string element as plain text #}
{% macro json_string(column) -%}
    {{ return(adapter.dispatch('json_string', 'customer_coverage')(column)) }}
{%- endmacro %}
{% macro default__json_string(column) -%} {{ column }} {%- endmacro %}
{% macro duckdb__json_string(column) -%} json_extract_string({{ column }}, '$') {%- endmacro %}

{# A JSON object as text; fields: list of (name, expression) #}
{% macro json_record(fields) -%}
    {{ return(adapter.dispatch('json_record', 'customer_coverage')(fields)) }}
{%- endmacro %}
{% macro default__json_record(fields) -%}
    to_json(named_struct({% for name, value in fields %}'{{ name }}', {{ value }}{{ ', ' if not loop.last }}{% endfor %}))
{%- endmacro %}
{% macro duckdb__json_record(fields) -%}
    cast(json_object({% for name, value in fields %}'{{ name }}', {{ value }}{{ ', ' if not loop.last }}{% endfor %}) as string)
{%- endmacro %}

{# One row per part of a separated text (a text that is no list: one row); only in a select list #}
{% macro split_rows(column, separator, is_list='true') -%}
    {{ return(adapter.dispatch('split_rows', 'customer_coverage')(column, separator, is_list)) }}
{%- endmacro %}
{% macro default__split_rows(column, separator, is_list) -%}
    explode(case when {{ is_list }} then split({{ column }}, '[{{ separator }}]') else array({{ column }}) end)
{%- endmacro %}
{% macro duckdb__split_rows(column, separator, is_list) -%}
    unnest(case when {{ is_list }} then string_split({{ column }}, '{{ separator }}') else [{{ column }}] end)
{%- endmacro %}

{# Every match replaced; `\1` in the replacement is the first group #}
{% macro replace_pattern(column, pattern, replacement='') -%}
    {{ return(adapter.dispatch('replace_pattern', 'customer_coverage')(column, pattern, replacement)) }}
{%- endmacro %}
{% macro default__replace_pattern(column, pattern, replacement) -%}
    regexp_replace({{ column }}, '{{ pattern }}', '{{ replacement | replace('\\', '$') }}')
{%- endmacro %}
{% macro duckdb__replace_pattern(column, pattern, replacement) -%}
    regexp_replace({{ column }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{# True when every character is one byte: no accents #}
{% macro is_ascii(column) -%}
    {{ return(adapter.dispatch('is_ascii', 'customer_coverage')(column)) }}
{%- endmacro %}
{% macro default__is_ascii(column) -%} octet_length({{ column }}) = length({{ column }}) {%- endmacro %}
{% macro duckdb__is_ascii(column) -%} strlen({{ column }}) = length({{ column }}) {%- endmacro %}

{# Without format characters, with plain blanks; NFC on DuckDB only #}
{% macro composed_text(column) -%}
    {{ return(adapter.dispatch('composed_text', 'customer_coverage')(column)) }}
{%- endmacro %}
{% macro default__composed_text(column) -%}
    regexp_replace(regexp_replace({{ column }}, '[\\p{Cf}\\x00]', ''), '\\p{Z}', ' ')
{%- endmacro %}
{% macro duckdb__composed_text(column) -%}
    regexp_replace(
        regexp_replace(nfc_normalize({{ column }}), '[\p{Cf}\x00]', '', 'g'), '\p{Z}', ' ', 'g'
    )
{%- endmacro %}

{# True when some part of the text matches #}
{% macro matches_pattern(column, pattern) -%}
    {{ return(adapter.dispatch('matches_pattern', 'customer_coverage')(column, pattern)) }}
{%- endmacro %}
{% macro default__matches_pattern(column, pattern) -%} regexp_like({{ column }}, '{{ pattern }}') {%- endmacro %}
{% macro duckdb__matches_pattern(column, pattern) -%} regexp_matches({{ column }}, '{{ pattern }}') {%- endmacro %}

{# Distinct values of a group, sorted, joined by ', ' #}
{% macro sorted_list(expression) -%}
    {{ return(adapter.dispatch('sorted_list', 'customer_coverage')(expression)) }}
{%- endmacro %}
{% macro default__sorted_list(expression) -%}
    nullif(array_join(array_sort(collect_set({{ expression }})), ', '), '')
{%- endmacro %}
{#- ten times the speed of string_agg(distinct … order by …) where groups are small -#}
{% macro duckdb__sorted_list(expression) -%}
    array_to_string(
        list_sort(list_distinct(list({{ expression }}) filter (({{ expression }}) is not null))), ', '
    )
{%- endmacro %}

{# The texts of a list, joined by ', ' #}
{% macro joined_list(list) -%}
    {{ return(adapter.dispatch('joined_list', 'customer_coverage')(list)) }}
{%- endmacro %}
{% macro default__joined_list(list) -%} array_join({{ list }}, ', ') {%- endmacro %}
{% macro duckdb__joined_list(list) -%} array_to_string({{ list }}, ', ') {%- endmacro %}

{#
    ISO 8601 text (an offset is honoured, none means UTC) as a UTC timestamp; NULL when it is none. On DuckDB also its
    other spellings and unix seconds or milliseconds, as the loader reads them (macro parse_time); most need none of that.
#}
{% macro utc_timestamp(column) -%}
    {{ return(adapter.dispatch('utc_timestamp', 'customer_coverage')(column)) }}
{%- endmacro %}
{% macro default__utc_timestamp(column) -%} cast(nullif(trim({{ column }}), '') as timestamp) {%- endmacro %}
{% macro duckdb__utc_timestamp(column) -%}
    (coalesce(
        try_cast({{ column }} as timestamptz),
        try_cast(regexp_replace(
            regexp_replace(
                upper(trim({{ column }})), '^([0-9-]+[T ][0-9]{2}:[0-9]{2})( ?(?:Z|[+-][0-9:]+))$', '\1:00\2'
            ),
            '^([0-9]{4})-?([0-9]{2})-?([0-9]{2})[T ]([0-9]{2}):?([0-9]{2}):?([0-9]{2})(?:[.,]([0-9]+))?'
            || '(?: ?(Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)(?: [A-Z]{3,5})?(?:\[[^]]*\])?)?$',
            '\1-\2-\3 \4:\5:\6.\7' || '0\8'
        ) as timestamptz),
        case
            when {{ matches_pattern(column, '^([0-9]{10}([.][0-9]+)?|[0-9]{13}([.]0+)?)$') }}
                then to_timestamp({{ column }}::double / case when length(split_part({{ column }}, '.', 1)) = 13
                    then 1000 else 1 end)
        end
    ) at time zone 'UTC')
{%- endmacro %}

{# Seconds since 1970 (text) as a UTC timestamp #}
{% macro unix_timestamp(column) -%}
    {{ return(adapter.dispatch('unix_timestamp', 'customer_coverage')(column)) }}
{%- endmacro %}
{% macro default__unix_timestamp(column) -%} timestamp_seconds(cast(try_cast({{ column }} as double) as bigint)) {%- endmacro %}
{% macro duckdb__unix_timestamp(column) -%}
    (to_timestamp(try_cast({{ column }} as bigint)) at time zone 'UTC')
{%- endmacro %}

{# The UTC instant at which a local date begins #}
{% macro local_midnight(date_expression, time_zone) -%}
    {{ return(adapter.dispatch('local_midnight', 'customer_coverage')(date_expression, time_zone)) }}
{%- endmacro %}
{% macro default__local_midnight(date_expression, time_zone) -%}
    to_utc_timestamp({{ date_expression }}, '{{ time_zone }}')
{%- endmacro %}
{% macro duckdb__local_midnight(date_expression, time_zone) -%}
    (cast({{ date_expression }} as timestamp) at time zone '{{ time_zone }}' at time zone 'UTC')
{%- endmacro %}

{# The local calendar date of a UTC timestamp #}
{% macro local_date(timestamp_expression, time_zone) -%}
    {{ return(adapter.dispatch('local_date', 'customer_coverage')(timestamp_expression, time_zone)) }}
{%- endmacro %}
{% macro default__local_date(timestamp_expression, time_zone) -%}
    cast(from_utc_timestamp({{ timestamp_expression }}, '{{ time_zone }}') as date)
{%- endmacro %}
{% macro duckdb__local_date(timestamp_expression, time_zone) -%}
    cast({{ timestamp_expression }} at time zone 'UTC' at time zone '{{ time_zone }}' as date)
{%- endmacro %}

{# A date so many days (a column or number) before another #}
{% macro days_before(date_expression, days_expression) -%}
    {{ return(adapter.dispatch('days_before', 'customer_coverage')(date_expression, days_expression)) }}
{%- endmacro %}
{% macro default__days_before(date_expression, days_expression) -%}
    date_sub({{ date_expression }}, {{ days_expression }})
{%- endmacro %}
{% macro duckdb__days_before(date_expression, days_expression) -%}
    ({{ date_expression }} - cast({{ days_expression }} as integer))
{%- endmacro %}

{# A SQL table is replaced in one transaction. dbt-duckdb does so for tables with foreign keys only; others it builds
   aside and renames twice. A Python model writes on a connection of its own, which does not see the drop. #}
{% macro has_foreign_key_constraints(relation=none) -%}
    {{ return(model.language == 'sql') }}
{%- endmacro %}

{% macro drop_relation_for_rebuild(relation) -%}
    {% do adapter.ensure_transaction() %}
    {% do adapter.drop_relation(relation) %}
    {{ return([]) }}
{%- endmacro %}

{#
    At the start of a run: each dbt thread runs its queries itself, DuckDB's own threads have the cores that are left.
    DuckDB's memory follows the raw file: 400 MB up to 200,000 orders and as many customers; what does not fit is written
    to disk for the moment.
#}
{% macro fit_engine() -%}
    {{ return(adapter.dispatch('fit_engine', 'customer_coverage')()) }}
{%- endmacro %}
{% macro default__fit_engine() -%} {%- endmacro %}
{% macro duckdb__fit_engine() -%}
    {%- if execute -%}
        {%- set raw_size -%}
            select max(block_size * total_blocks) // 1000000 from pragma_database_size() where database_name = 'raw'
        {%- endset -%}
        {%- set megabytes = [400, 14 * (run_query(raw_size).columns[0][0] or 0)] | max -%}
        {%- if megabytes < 8000 %}set memory_limit = '{{ megabytes }}MB';{% endif -%}
    {%- endif %}
    reset threads;
    set threads = greatest(1, cast(current_setting('threads') as int) - {{ target.threads - 1 }})
{%- endmacro %}
