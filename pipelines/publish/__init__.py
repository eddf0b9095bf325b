"""The marts of a green build → a set of published files, and what is remembered of it."""
