"""Writes the sample extracts and their expected results (samples/README.md) from scenarios."""
