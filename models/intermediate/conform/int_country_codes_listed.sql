-- Grain: one spelling of a country (ISO-2, ISO-3, English name, alias; upper case) with its ISO-2
-- code.
with

countries as (
    select * from {{ ref('iso_countries') }}
),

aliases as (
    select * from {{ ref('country_aliases') }}
),

spellings as (
    select country_code as country_text, country_code from countries
    union all
    select country_code_3 as country_text, country_code from countries
    union all
    select upper(country_name) as country_text, country_code from countries
    union all
    select upper(country_alias) as country_text, country_code from aliases
    union all
    -- with the apostrophe of a keyboard
    select replace(upper(country_alias), '’', chr(39)), country_code from aliases
)

select
    country_text,
    min(country_code) as country_code
from spellings
group by country_text
