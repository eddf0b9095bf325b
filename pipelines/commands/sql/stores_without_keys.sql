-- rows of the data test of that name, as the last build left them: store, finding, what to do
select
    'Store ' || platform || ' ' || instance || ': ' as store, finding,
    coalesce(' (field ' || source_field || ')', '') || '; give its app access to customer data (Shopify: protected '
    || 'customer data) and load it again, or switch the key row off' as remedy
from test_failures.stores_give_values_for_every_key
order by platform, instance, source_field, finding
