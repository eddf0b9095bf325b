select customer_name from worklist.onboarding_worklist where worklist_rank = 1
