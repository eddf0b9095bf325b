"""The marts of a green build → a set of published files, and the history."""
