"""Dataverse."""
