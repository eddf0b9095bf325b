"""Everything between a source and its raw table, and what leaves the warehouse."""
