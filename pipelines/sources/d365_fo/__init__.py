"""Dynamics 365 Finance & Operations."""
