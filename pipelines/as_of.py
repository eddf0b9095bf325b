"""The as-of of a command: a date or an instant, never in the future."""

import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipelines.settings import InputError, project_vars

ZONE = "reporting_timezone"
FORM = re.compile(r"\d{4}-\d{2}-\d{2}([ T][\d:.]+(Z|[+-][\d:]+)?)?")  # as macros/as_of.sql


def reporting_timezone(dbt_vars: dict[str, Any]) -> str:
    """The time zone of the dates of a build: its var, else that of the project."""
    return str(dbt_vars.get(ZONE) or project_vars()[ZONE])


def today(dbt_vars: dict[str, Any]) -> date:
    """Today in the reporting time zone. Raises InputError for an unknown zone."""
    name = reporting_timezone(dbt_vars)
    try:
        return datetime.now(ZoneInfo(name)).date()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            f"the var {ZONE} {name!r} is not a time zone; use a name such as America/New_York."
        ) from None


def check_as_of(text: str | None, dbt_vars: dict[str, Any]) -> str | None:
    """The given as-of, or that of the vars; None for now. Raises InputError if it is neither a date
    nor an instant, or in the future."""
    given = text if text is not None else dbt_vars.get("as_of")
    if given is None or not str(given).strip():
        return None
    as_of = given.isoformat() if isinstance(given, date) else str(given).strip()
    try:
        moment = datetime.fromisoformat(as_of if FORM.fullmatch(as_of) else "")
    except ValueError:
        raise InputError(
            f"the as-of {as_of!r} is not a date; write it as 2026-04-12 or 2026-04-12T15:00:00Z."
        ) from None
    now = today(dbt_vars)
    if len(as_of) == len("2026-04-12"):
        is_future = moment.date() > now
    else:
        zone = ZoneInfo(reporting_timezone(dbt_vars))
        is_future = (moment if moment.tzinfo else moment.replace(tzinfo=zone)) > datetime.now(UTC)
    if is_future:
        raise InputError(
            f"the as-of {as_of} is in the future, which cannot be measured; give {now} or an "
            "earlier date."
        )
    return as_of
