"""Power Automate: cloud flows, their runs and ingestion events, as Dataverse tables.

API     as Dataverse: workflows (category 5), flowruns, flowevents
Auth    as Dataverse
Paging  as Dataverse; flowruns is an elastic table and answers at most 500 rows a page
Limits  as Dataverse
Notes   Only runs of solution flows are recorded, for 28 days, and not losslessly: gaps are
        reported in flowevents. A run changes until it ends, so runs are requested again from
        `look_back_days` before the newest start.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from pipelines.sources.base import Cursor, Endpoint, Instance, Job, endpoints_of, iso_time
from pipelines.sources.dataverse.api import service
from pipelines.sources.http import RetryPolicy
from pipelines.sources.odata import newer_than, odata_endpoint

NAME = "power_automate"
LOOK_BACK_DAYS = 3


def jobs(instance: Instance, policy: RetryPolicy) -> Iterator[Job]:
    yield from service(instance, policy).jobs(endpoints(instance))


def endpoints(instance: Instance) -> list[Endpoint]:
    look_back = timedelta(days=instance.get("look_back_days", int, LOOK_BACK_DAYS))
    named = {
        "starttime from": newer_than("starttime"),
        "starttime": Cursor("starttime", iso_time, look_back),
        "createdon from": newer_than("createdon"),
        "createdon": Cursor("createdon", iso_time, look_back),
    }
    return endpoints_of(NAME, named, partial(odata_endpoint, NAME))
