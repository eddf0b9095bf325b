-- Columns missing in sets of earlier versions. The as-of instant shows whether a day was over; an
-- opening was a customer id, which is the hash of its smallest subject and so works as a subject.
{% for table in ["card_history", "onboarding_history"] %}
update {{ table }} set is_whole_day = as_of_at <= measured_at
    and as_of_at = timezone('UTC', timezone('{{ zone }}', cast(as_of_date + 1 as timestamp)))
where is_whole_day is null;
{% endfor %}
create temp table numbered as
select * exclude (preceding), coalesce(sum(cast(status = 'absent'
        and coalesce(preceding, 'cleared') = 'cleared' as integer)) over (
            partition by worklist_key order by as_of_date), 1) as number
from (
    select *, lag(status) over (partition by worklist_key order by as_of_date) as preceding
    from onboarding_history where status != 'nobody'
);
update onboarding_history as history set
    opening_id = opened.worklist_key || '|' || cast(opened.first_date as varchar),
    opening_number = opened.number,
    first_seen_date = opened.first_date,
    subject_ids = history.customer_id
from (
    select as_of_date, worklist_key, number,
        min(as_of_date) over (partition by worklist_key, number) as first_date
    from numbered
) as opened
where history.as_of_date = opened.as_of_date and history.worklist_key = opened.worklist_key
    and history.opening_id is null;
