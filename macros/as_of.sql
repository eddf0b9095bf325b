{#
    The as-of instant and date of this run, as a dict of texts: at (UTC), date (in the reporting time zone), run_at
    (UTC, when the run started), run_date, is_whole_day. A date means its end; an instant without offset is local.
    A date after today, or an instant after now, is refused: nothing can be measured there.
    No model calls now(): it asks here. Var as_of comes first; `run` and `daily` give the environment variable
    DBT_ENV_CUSTOM_ENV_AS_OF instead: a new value of it parses the few models that ask again, a new var all of them,
    and dbt notes it in its run results.
#}
{% macro as_of() -%}
    {%- set zone = modules.pytz.timezone(var('reporting_timezone')) -%}
    {%- set utc = modules.pytz.utc -%}
    {%- set given = var('as_of', none) or env_var('DBT_ENV_CUSTOM_ENV_AS_OF', '') -%}
    {%- set run_at = run_started_at.astimezone(utc) -%}
    {%- set run_date = run_at.astimezone(zone).date() -%}
    {%- if given | string | trim == '' -%}
        {%- set at = run_at -%}
        {%- set date = at.astimezone(zone).date() -%}
    {%- else -%}
        {%- set text = given | string | trim | replace('Z', '+00:00') -%}
        {%- if not modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9:.]+([+-][0-9:]+)?)?$', text) -%}
            {{ exceptions.raise_compiler_error(
                "var as_of is '" ~ given ~ "': give a date (2026-04-12) or an instant (2026-04-12T15:30:00Z)."
            ) }}
        {%- endif -%}
        {%- set moment = modules.datetime.datetime.fromisoformat(text) -%}
        {%- if text | length == 10 -%}
            {%- set date = moment.date() -%}
            {%- set at = zone.localize(moment + modules.datetime.timedelta(days=1)).astimezone(utc) -%}
        {%- else -%}
            {%- if moment.tzinfo is none -%}{%- set moment = zone.localize(moment) -%}{%- endif -%}
            {%- set at = moment.astimezone(utc) -%}
            {%- set date = at.astimezone(zone).date() -%}
        {%- endif -%}
        {%- if date > run_date or (text | length > 10 and at > run_at) -%}
            {{ exceptions.raise_compiler_error(
                "var as_of is '" ~ given ~ "', in the future, where nothing can be measured; give " ~ run_date
                ~ " or an earlier date."
            ) }}
        {%- endif -%}
    {%- endif -%}
    {{ return({
        'at': at.strftime('%Y-%m-%d %H:%M:%S.%f'),
        'date': date.isoformat(),
        'run_at': run_at.strftime('%Y-%m-%d %H:%M:%S.%f'),
        'run_date': run_date.isoformat(),
        'is_whole_day': given | string | trim | length == 10 and at <= run_at,
    }) }}
{%- endmacro %}

{# SQL literals of the above #}
{% macro as_of_at() -%} cast('{{ as_of().at }}' as timestamp) {%- endmacro %}
{% macro as_of_date() -%} cast('{{ as_of().date }}' as date) {%- endmacro %}
{% macro run_at() -%} cast('{{ as_of().run_at }}' as timestamp) {%- endmacro %}
{% macro run_date() -%} cast('{{ as_of().run_date }}' as date) {%- endmacro %}
{% macro is_whole_day() -%} {{ as_of().is_whole_day | lower }} {%- endmacro %}
