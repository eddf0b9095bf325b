"""Live loads: fetch each resource completely, spool it as JSON lines, load it like an extract.

A resource reaches the raw tables only after its last page; a fault on any page keeps the old rows,
and the other resources continue. The spool file goes through the extract loader, so API and extract
of the same records give the same raw rows.
"""

import importlib
import shutil
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from urllib.parse import quote

import click

from pipelines.load import raw
from pipelines.load.batches import load_answers, record_failure
from pipelines.load.cursors import CursorKey, read_cursors, write_cursors
from pipelines.load.discovery import Batch
from pipelines.load.raw import Result
from pipelines.load.readers import InputFile
from pipelines.settings import InputError, Warehouse
from pipelines.sources.base import (
    ConfigError,
    Instance,
    Job,
    configured_instances,
    configured_policy,
)
from pipelines.sources.http import ApiError, RetryPolicy, dumps
from pipelines.sources.tables import BY_NAME, SOURCES

SPOOL = "spool"
REPORT_EVERY_SECONDS = 5.0
EMPTY_SHOP_MARGIN = timedelta(days=1)
READING = str(Path(__file__).parents[1] / "sources")
# errors of code there that reads an answer
SHAPE = (LookupError, TypeError, AttributeError, ValueError, RecursionError)
Echo = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """One resource of one instance; `resource` is `*` if nothing was started. `outcome`: loaded,
    unchanged, kept_old, failed, absent (no such list there) or ok (doctor)."""

    source: str
    instance: str
    resource: str
    outcome: str
    pages: int = 0
    rows: int = 0
    seconds: float = 0.0
    message: str = ""

    @property
    def title(self) -> str:
        return f"{self.source}/{self.instance}/{self.resource}"

    @property
    def is_failure(self) -> bool:
        """Whether it sets exit code 2."""
        return self.outcome == "failed"


@dataclass
class Fetched:
    """A complete spool file of a job: its rows, and the newest record time in it."""

    job: Job
    path: Path
    since: datetime | None
    started_at: datetime
    pages: int = 0
    rows: int = 0
    newest_at: datetime | None = None
    seconds: float = 0.0

    def batch(self, is_whole: bool) -> Batch:
        """The spool file as the extract loader takes it; `is_whole`: with all documents."""
        resource = BY_NAME[self.job.source, self.job.resource]
        file = InputFile(self.path, self.job.endpoint)
        at = self.job.extracted_at() if self.job.extracted_at else self.started_at
        is_partial = self.since not in (None, self.job.start)
        mode = resource.mode_of("extracts" if is_whole else "api")
        return Batch(resource, self.job.instance, (file,), at, mode, "api", is_partial)

    @property
    def cursor(self) -> datetime | None:
        """The start of the next load, never in the future; for an empty list from yesterday."""
        if self.job.cursor is None:
            return None
        if self.newest_at:
            return min(self.newest_at, self.started_at)
        is_empty = self.since is None and self.rows == 0
        return self.started_at - EMPTY_SHOP_MARGIN if is_empty else None


@dataclass(frozen=True)
class _Run:
    """Shared by one run. `owners`: the configured instance of each raw instance."""

    full: bool
    target: Warehouse
    policy: RetryPolicy
    echo: Echo
    owners: dict[tuple[str, str, str], str] = field(default_factory=dict)


def load_sources(
    names: Iterable[str],
    full: bool,
    target: Warehouse,
    policy: RetryPolicy | None = None,
    echo: Echo = click.echo,
) -> list[Outcome]:
    """Load every configured instance of the sources; `full` forgets the cursors. Raises InputError
    if none is configured or raw.duckdb is open elsewhere."""
    policy = policy or configured_policy()
    instances = configured(names)
    for source in {instance.source for instance in instances}:
        # leftover answers of a killed run
        shutil.rmtree(target.root / SPOOL / source, ignore_errors=True)
    with raw.connect(target) as con:
        raw.create_tables(con)
    run = _Run(full, target, policy, echo)
    return [outcome for instance in instances for outcome in _load_instance(instance, run)]


def probe_sources(policy: RetryPolicy | None = None) -> list[Outcome]:
    """One cheap call per resource of every configured instance; the message is the remedy."""
    policy = policy or replace(configured_policy(), attempts=2, request_budget=60.0)
    outcomes: list[Outcome] = []
    for instance in configured(SOURCES):
        seen: set[str] = set()
        try:
            for job in _module(instance).jobs(instance, policy):
                if job.resource not in seen:
                    seen.add(job.resource)
                    outcomes.append(_attempt(job, lambda job=job: _outcome(job, "ok", job.probe())))
        except Exception as error:
            outcomes.append(_not_started(instance, error))
    return outcomes


def configured(names: Iterable[str]) -> list[Instance]:
    """The configured instances of the named sources. Raises InputError if there is none."""
    wanted = tuple(names)
    instances = [instance for name in wanted for instance in configured_instances(name)]
    if not instances:
        raise InputError(
            f"No instance of {', '.join(wanted)} is configured: list its names in"
            f" [sources.{wanted[0] if len(wanted) == 1 else '<source>'}] instances of"
            " .dlt/config.toml; .dlt/secrets.example.toml shows how."
        )
    return instances


def _load_instance(instance: Instance, run: _Run) -> list[Outcome]:
    cursors = {} if run.full else read_cursors(run.target, instance.source)
    ready: list[Fetched] = []
    outcomes: list[Outcome] = []

    def fetch(job: Job) -> Outcome:
        owner = run.owners.setdefault((job.source, job.instance, job.resource), instance.name)
        if owner != instance.name:  # two environments with equal company names would share rows
            raise ConfigError(
                f"{job.instance} is also a company of {owner}; set company_prefix in"
                f" {instance.section} of .dlt/config.toml."
            )
        since, newest_at = job.start if job.cursor else None, cursors.get(_key(job))
        if job.cursor and newest_at:
            since = newest_at - job.cursor.overlap
        ready.append(_fetch(job, since, run))
        return _outcome(job, "ok")

    try:
        for job in _module(instance).jobs(instance, run.policy):
            outcomes.append(_attempt(job, lambda job=job: fetch(job)))
    except Exception as error:
        outcomes.append(_not_started(instance, error))
    outcomes = [outcome for outcome in outcomes if outcome.outcome != "ok"]
    for outcome in outcomes:
        if outcome.is_failure:
            _record_failure(run.target, outcome)
    outcomes += _load_all(run.target, ready)
    for outcome in outcomes:
        message = f": {outcome.message}" if outcome.message else ""
        counts = _counts(outcome, f"{outcome.seconds:.1f} s, ")
        run.echo(f"{outcome.title}: {outcome.outcome}, {counts}{message}")
    return outcomes


def _load_all(target: Warehouse, ready: list[Fetched]) -> list[Outcome]:
    """Load complete spool files, then move the cursors: a kill in between loses nothing. Documents
    of a table are whole if no instance was asked for its changes only."""
    changes = {fetched.job.resource for fetched in ready if fetched.since}
    batches = [fetched.batch(fetched.job.resource not in changes) for fetched in ready]
    results = load_answers(target, batches)
    newest = {
        _key(fetched.job): fetched.cursor
        for fetched, result in zip(ready, results, strict=True)
        if fetched.cursor and result.outcome in ("loaded", "unchanged")
    }
    write_cursors(target, newest)
    for fetched in ready:
        fetched.path.unlink(missing_ok=True)
    return [_loaded(*pair) for pair in zip(ready, results, strict=True)]


def _loaded(fetched: Fetched, result: Result) -> Outcome:
    rejected = f"{result.rows_rejected} records rejected" if result.rows_rejected else ""
    return replace(
        _outcome(
            fetched.job,
            result.outcome,
            "; ".join(filter(None, (result.message, *result.warnings, rejected))),
        ),
        pages=fetched.pages,
        rows=fetched.rows,
        seconds=fetched.seconds + result.seconds,
    )


def _fetch(job: Job, since: datetime | None, run: _Run) -> Fetched:
    """Write every page of the job as JSON lines. On ApiError the file is deleted."""
    folder, policy = run.target.root / SPOOL / job.source, run.policy
    spool = folder / quote(job.instance, safe=" ") / f"{job.resource}.jsonl"
    fetched = Fetched(job, spool, since, datetime.now(UTC))
    started = reported = policy.clock()
    spool.parent.mkdir(parents=True, exist_ok=True)
    try:
        with spool.open("w", encoding="utf-8") as lines:
            for page in job.pages(since):
                if not all(isinstance(record, dict) for record in page):
                    raise ApiError(f"{job.endpoint} listed something that is no record.")
                lines.writelines(f"{dumps(record)}\n" for record in page)
                fetched.pages += 1
                fetched.rows += len(page)
                moments = (fetched.newest_at, job.cursor and job.cursor.newest(page))
                fetched.newest_at = max(filter(None, moments), default=None)
                fetched.seconds = policy.clock() - started
                if fetched.seconds > policy.resource_budget:
                    raise ApiError(f"gave up after {fetched.seconds:.0f} s: {_counts(fetched)}")
                if policy.clock() - reported >= REPORT_EVERY_SECONDS:
                    reported = policy.clock()
                    run.echo(f"  {_outcome(job, 'ok').title}: {_counts(fetched)}")
    except BaseException:
        spool.unlink(missing_ok=True)
        raise
    return fetched


def _counts(found: Fetched | Outcome, time: str = "") -> str:
    rate = found.rows / found.seconds if found.seconds else 0.0
    return f"{found.pages} pages, {found.rows} rows, {time}{rate:.0f} rows/s"


def _attempt(job: Job, action: Callable[[], Outcome]) -> Outcome:
    """Any error of a resource becomes its outcome; the others continue."""
    try:
        return action()
    except ApiError as error:
        if job.optional and error.status == 404:
            return _outcome(job, "absent", "there is no such list here")
        remedy = f" Remedy: {job.permission}." if error.status in (401, 403) else ""
        return _outcome(job, "failed", f"{error}{remedy}")
    except Exception as error:
        return _outcome(job, "failed", _sentence(error))


def _sentence(error: Exception) -> str:
    """Our own errors are safe to show; the text of any other may quote records."""
    if isinstance(error, ApiError | ConfigError | InputError):
        return str(error)
    places = traceback.extract_tb(error.__traceback__)
    reading = [one for one in places if one.filename.startswith(READING)]
    place, what = (reading or places)[-1], "unexpected"
    if isinstance(error, SHAPE) and reading:
        what = "the answer has another shape than documented; check base URL and API version:"
    return f"{what} {type(error).__name__} at {Path(place.filename).name}:{place.lineno}"


def _record_failure(target: Warehouse, outcome: Outcome) -> None:
    """Record in raw_load that the old rows stay; for a whole instance, for all its resources."""
    names = [outcome.resource]
    if outcome.resource == "*":
        # the other tables of Business Central have companies as instances, not environments
        every = [name for source, name in BY_NAME if source == outcome.source]
        names = ["companies"] if outcome.source == "d365_bc" else every
    record_failure(target, outcome.source, outcome.instance, names, outcome.message)


def _outcome(job: Job, outcome: str, message: str = "") -> Outcome:
    return Outcome(job.source, job.instance, job.resource, outcome, message=message)


def _not_started(instance: Instance, error: Exception) -> Outcome:
    return Outcome(instance.source, instance.name, "*", "failed", message=_sentence(error))


def _key(job: Job) -> CursorKey:
    return CursorKey(job.source, job.instance, job.resource, job.fingerprint)


def _module(instance: Instance) -> ModuleType:
    return importlib.import_module(f"pipelines.sources.{instance.source}.api")
