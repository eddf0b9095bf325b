-- the name of an enum whose values count from 0; a text stays as it is
create temp macro enum_name(value, names) as
    coalesce(case when regexp_full_match(value, '[0-9]+') then names[value::integer + 1] end, value);
-- the NoYes enum
create temp macro no_yes(value) as case lower(value)
    when 'true' then 'Yes'
    when 'false' then 'No'
    else enum_name(value, ['No', 'Yes'])
end;
