"""No test reports to anybody."""

from __future__ import annotations

import os

os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
os.environ["DO_NOT_TRACK"] = "1"
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
