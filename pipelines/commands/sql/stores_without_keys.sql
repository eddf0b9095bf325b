-- rows of the data test of that name, as the last build left them
select platform, instance, source_field, finding
from test_failures.stores_give_values_for_every_key
order by all
