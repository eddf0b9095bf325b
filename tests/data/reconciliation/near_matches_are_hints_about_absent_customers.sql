-- What: near matches and duplicate candidates are only about customers of the worklist, and no near
-- match is a pair connected by a headline key.
-- When it matters: a hint about a present customer could cause a wrong merge.
-- How to fix: look the customer up in fct_customer_presence and int_party_matches.
with

near_matches as (
    select * from {{ ref('onboarding_near_matches') }}
),

duplicate_candidates as (
    select * from {{ ref('onboarding_duplicate_candidates') }}
),

worklist as (
    select distinct customer_id from {{ ref('onboarding_worklist') }}
),

key_matches as (
    select * from {{ ref('int_party_matches') }}
    where key_scope = 'headline'
),

hinted as (
    select customer_id from near_matches
    union
    select customer_id from duplicate_candidates
    union
    select other_customer_id from duplicate_candidates
)

select
    hinted.customer_id,
    'not on the worklist' as problem
from hinted
where not exists (select 1 from worklist where worklist.customer_id = hinted.customer_id)
union all
select
    near_matches.customer_id,
    'a headline key connects it with ' || near_matches.d365_customer_key as problem
from near_matches
inner join key_matches
    on near_matches.customer_id = key_matches.customer_id
    and near_matches.d365_customer_key = key_matches.d365_customer_key
