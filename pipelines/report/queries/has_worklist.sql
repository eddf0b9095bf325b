select 1 from duckdb_tables() where schema_name = 'worklist' limit 1
