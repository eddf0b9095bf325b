"""Writes the sample extracts and what samples/README.md expects of them from scenarios."""
