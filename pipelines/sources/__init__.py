"""The systems that are read: a folder each, with its raw tables and its API."""
