select
    count(*) as order_count,
    sum(order_value_reporting) as value,
    count(*) filter (where order_value_reporting is null) as unrated_count
from worklist.onboarding_unidentifiable_orders
