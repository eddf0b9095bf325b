"""Everything between a source and its raw table, and what leaves the warehouse."""

import os

from pipelines.settings import HOME

# dlt finds the .dlt/ of the project, or of the folder where an installed package is called, from
# any working directory; the rest is what the loader needs of dlt
for name, value in {
    "DLT_PROJECT_DIR": str(HOME),
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "CRITICAL",
    "NORMALIZE__LOADER_FILE_FORMAT": "parquet",
    "NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_LOAD_ID": "true",
    # no staging copy of the last batch: it would duplicate personal data
    "LOAD__TRUNCATE_STAGING_DATASET": "true",
    # files of a finished package: the rows are in raw.duckdb
    "LOAD__DELETE_COMPLETED_JOBS": "true",
}.items():
    os.environ.setdefault(name, value)
