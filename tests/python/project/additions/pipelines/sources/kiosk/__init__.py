"""A made-up storefront that delivers files."""
