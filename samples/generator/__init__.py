"""Writes the sample extracts, and what SPEC.md expects of them, from lists of scenarios."""
