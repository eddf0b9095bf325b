"""Files and API answers → the raw tables."""
