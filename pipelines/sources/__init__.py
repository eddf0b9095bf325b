"""The source systems: a folder each, with its raw tables and its API."""
