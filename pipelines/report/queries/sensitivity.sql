from worklist.onboarding_key_sensitivity
order by is_headline desc, key_type_count desc, absent_customer_count, key_types
