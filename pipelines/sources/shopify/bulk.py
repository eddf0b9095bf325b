"""Shopify bulk operations: start, poll, download.

The result is JSONL, an object a line, at a signed address on another host without a credential.
"""

import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from pipelines.sources.base import Page, Record
from pipelines.sources.http import ApiError, RetryPolicy, download, loads
from pipelines.sources.shopify.queries import Listing, bulk_query, document

FIRST_POLL_SECONDS = 1.0
LONGEST_POLL_SECONDS = 30.0
RUNNING = ("CREATED", "RUNNING", "CANCELING")
BUSY = ("OPERATION_IN_PROGRESS", "LIMIT_REACHED")
ROWS_A_PAGE = 1000
PARENT = "__parentId"


def bulk_pages(
    ask: Callable[[str, dict[str, Any]], Any],
    listing: Listing,
    version: str,
    since: datetime | None,
    policy: RetryPolicy,
) -> Iterator[Page]:
    """The objects of a whole collection, in pages. Raises ApiError if incomplete."""
    identifier = _start(ask, bulk_query(listing, version, since), policy)
    operation = _finished(ask, identifier, version, policy)
    if not operation.get("url"):
        if int(operation.get("objectCount") or 0):
            raise ApiError(f"The bulk operation for {listing.connection} has no result address.")
        return
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.jsonl"
        download(operation["url"], result, policy)
        records = objects(result, int(operation.get("objectCount") or 0))
        yield from iter(lambda: list(islice(records, ROWS_A_PAGE)), [])


def objects(result: Path, expected: int) -> Iterator[Record]:
    """The objects of a result file. Raises ApiError if they are not all there, or for an object
    inside another one, which has a line of its own: no query asks for a list in a list."""
    count = 0
    with result.open(encoding="utf-8") as lines:
        for record in map(loads, filter(str.strip, lines)):
            if PARENT in record:
                raise ApiError(f"The bulk result has children ({PARENT}), which no query asks for.")
            count += 1
            yield record
    if count != expected:
        raise ApiError(f"The bulk result has {count} of {expected} objects.")


def _start(ask: Callable[[str, dict[str, Any]], Any], query: str, policy: RetryPolicy) -> str:
    """Start our operation and return its id; wait for others, e.g. of a killed load."""
    started = policy.clock()
    while True:
        answer = ask(document("bulk_start"), {"query": query})["bulkOperationRunQuery"]
        errors = answer["userErrors"]
        if not errors:
            return str(answer["bulkOperation"]["id"])
        reasons = "; ".join(error["message"] for error in errors)
        if any(error["code"] not in BUSY for error in errors):
            raise ApiError(f"Shopify did not start the bulk operation: {reasons}")
        if policy.clock() - started + LONGEST_POLL_SECONDS > policy.resource_budget:
            raise ApiError(f"No bulk operation could start in the time allowed: {reasons}")
        policy.sleep(LONGEST_POLL_SECONDS)


def _finished(
    ask: Callable[[str, dict[str, Any]], Any], identifier: str, version: str, policy: RetryPolicy
) -> Record:
    """Poll until the operation has ended. Raises ApiError unless it is complete."""
    query = document("bulk_poll", version=version)
    variables = {"id": identifier} if "$id" in query else {}
    wait, started = FIRST_POLL_SECONDS, policy.clock()
    while True:
        operation = next(iter(ask(query, variables).values())) or {}
        if operation.get("id") != identifier:
            raise ApiError("Another bulk operation replaced ours; run the load again.")
        status = operation["status"]
        if status == "COMPLETED":
            return operation
        if status not in RUNNING:
            reason = operation.get("errorCode") or "no error code"
            raise ApiError(f"The bulk operation ended as {status} ({reason}); nothing is loaded.")
        if policy.clock() - started + wait > policy.resource_budget:
            raise ApiError(f"The bulk operation is still {status} after the time allowed.")
        policy.sleep(wait)
        wait = min(wait * 2, LONGEST_POLL_SECONDS)
