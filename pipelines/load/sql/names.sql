-- the fields that occur in any record
select distinct unnest(json_keys(case
    when fault is null and json_valid(text) and json_type(text) = 'OBJECT' then text
end))
from records
