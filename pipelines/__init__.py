"""Everything between a source and its raw table, and what leaves the warehouse."""

import os
from pathlib import Path

# dlt finds .dlt/ from any working directory
os.environ.setdefault("DLT_PROJECT_DIR", str(Path(__file__).resolve().parents[1]))
