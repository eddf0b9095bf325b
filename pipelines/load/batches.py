"""Loads batches of files into the raw tables: skip unchanged files, stage, dlt, log.

`load_extracts` takes an extract folder, `load_answers` the API answers of one source, spooled as
JSON lines. Both go through `_load_source`, so the same records give the same raw rows. A problem
blocks only its resource of its instance; the old rows stay.
"""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from rich.console import Console
from rich.progress import track

from pipelines.duck import Record, literal
from pipelines.load import raw
from pipelines.load.discovery import Batch, Extracts, find_extracts
from pipelines.load.raw import Result, Work
from pipelines.load.staging import (
    Staged,
    file_counts,
    leave_out_older_than_raw,
    open_staging,
    rejects,
    stage,
)
from pipelines.settings import InputError, Warehouse, sha256_of
from pipelines.sources.tables import BY_NAME, SOURCES, Origin


@dataclass
class LoadReport:
    """The results of a run, its problems (one message each) and ignored files."""

    results: list[Result] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    @property
    def is_ok(self) -> bool:
        return not self.problems


def load_answers(target: Warehouse, batches: list[Batch]) -> list[Result]:
    """Load the spooled API answers of one source; one result each, also for bad data. All batches
    of a resource have the same mode. Raises InputError if raw.duckdb is open elsewhere."""
    source = batches[0].resource.source if batches else ""
    return _load_source(target, source, batches, Console(quiet=True))


def record_failure(
    target: Warehouse, source: str, instance: str, names: Sequence[str], message: str
) -> None:
    """Record in `raw_load.resource_loads` that API answers could not be fetched."""
    works = [Work(_no_files(source, instance, name, "api"), problem=message) for name in names]
    _load_source(target, source, [], Console(quiet=True), works)


def _no_files(source: str, instance: str, name: str, origin: Origin) -> Batch:
    resource = BY_NAME[source, name]
    return Batch(resource, instance, (), datetime.now(UTC), resource.mode_of(origin), origin)


def load_extracts(target: Warehouse, root: Path, console: Console) -> LoadReport:
    """Load an extract folder; a resource with a problem is skipped. Raises InputError if the folder
    itself is invalid or raw.duckdb is open elsewhere."""
    found = find_extracts(root)
    with raw.connect(target) as con:
        raw.create_tables(con)
    report = LoadReport([], [problem.sentence for problem in found.problems], found.ignored)
    for source in SOURCES:
        batches = [batch for batch in found.batches if batch.resource.source == source]
        stopped = _stopped(found, source, batches)
        kept_out = {id(work.batch) for work in stopped}
        good = [batch for batch in batches if id(batch) not in kept_out]
        results = _load_source(target, source, good, console, stopped)
        report.results += results
        report.problems += [one.message for one in results[len(stopped) :] if one.is_faulty]
    return report


def _stopped(found: Extracts, source: str, batches: list[Batch]) -> list[Work]:
    """Everything a problem of the folder blocks, even without a file."""
    problems = {id(batch): [p for p in found.problems if p.stops(batch)] for batch in batches}
    blocked = (batch for batch in batches if problems[id(batch)])
    stopped = [Work(batch, problem=problems[id(batch)][0].sentence) for batch in blocked]
    seen = {(work.batch.instance, work.batch.resource.name) for work in stopped}
    for problem in found.problems:
        place = (problem.instance, problem.resource)
        if problem.source == source and all(place) and place not in seen:
            seen.add(place)
            batch = _no_files(source, *place, "extracts")
            stopped.append(Work(batch, problem=problem.sentence))
    return stopped


def _load_source(
    target: Warehouse,
    source: str,
    batches: list[Batch],
    console: Console,
    stopped: Sequence[Work] = (),
) -> list[Result]:
    """Load the batches of one source independently; one result each, `stopped` first, in order."""
    if not batches and not stopped:
        return []
    with raw.connect(target) as con:
        known = raw.known(con, source)
    works = [*stopped, *(_work(batch, known) for batch in batches)]
    changed = [work for work in works if work.files]
    # a load id like dlt's: seconds since 1970, so ids sort by time
    run = {"load_id": str(time.time()), "loaded_at": raw.utc(datetime.now(UTC))}
    if changed:
        with _scratch(target, source) as con:
            _stage_all(con, changed, console)
            good = [work for work in changed if not work.problem]
            run["load_id"] = _load_staged(target, con, source, good) or run["load_id"]
    with raw.connect(target) as con:
        counts = {work.batch.resource: raw.row_counts(con, work.batch.resource) for work in works}
        results = [_result(work, counts[work.batch.resource]) for work in works]
        news = [result for result in results if _is_news(result, known)]
        raw.write_log(con, run, works, news)
    return results


def _work(batch: Batch, known: dict[tuple[str, str], Record]) -> Work:
    """The files of a batch that must be read, by content."""
    try:
        hashes = {file.label: sha256_of(file.path) for file in batch.files}
    except OSError as error:
        return Work(batch, problem=f"{error.filename} cannot be read ({error.strerror}).")
    declared = raw.declaration(batch.resource, batch.mode)
    before = known.get((batch.instance, batch.resource.name), {"files": [], "fields": []})
    earlier = before["files"]
    here = [hashes[file.label] + declared for file in batch.files]
    if batch.mode == "whole":
        files = () if sorted(here) == sorted(earlier) else batch.files
    else:
        pairs = zip(batch.files, here, strict=True)
        files = tuple(file for file, content in pairs if content not in earlier)
    return Work(batch, hashes, files, frozenset(before["fields"]))


def _stage_all(con: duckdb.DuckDBPyConnection, works: list[Work], console: Console) -> None:
    """Read every file of a batch before loading any: its parts are one table."""
    bar = track(works, "reading", console=console, transient=True, disable=not console.is_terminal)
    for number, work in enumerate(bar):
        if not console.is_terminal:
            console.print(work.batch.title, highlight=False)
        started = time.monotonic()
        try:
            batch = replace(work.batch, files=work.files)
            work.staged = stage(con, batch, f"stage_{number}", work.fields)
        except InputError as error:
            work.problem = str(error)
        work.seconds = time.monotonic() - started


def _load_staged(
    target: Warehouse, con: duckdb.DuckDBPyConnection, source: str, works: list[Work]
) -> str | None:
    """Staging tables → raw tables; the load id, if there was anything to load."""
    con.execute(f"attach {literal(str(target.raw))} as raw (read_only)")
    for work in works:
        table = f"raw.{raw.table_of(work.batch.resource)}"
        work.staged.is_first = not con.execute(
            f"select 1 from {table} where instance = ? limit 1", [work.batch.instance]
        ).fetchone()
        leave_out_older_than_raw(con, work.staged, table)
        work.is_kept = _would_empty(work.staged)
        work.counts = file_counts(con, work.staged)
        work.rejects = rejects(con, work.staged)
        work.staged.values = work.rejects.num_rows - work.staged.rejected
    con.execute("detach raw")
    started = time.monotonic()
    staged = [work.staged for work in works if work.staged.loaded]
    try:
        load_id = raw.run_dlt(target, con, source, staged) if staged else None
    except InputError as error:
        for work in works:
            work.problem, work.is_own_fault = f"not written: {error}", work is works[0]
        return None
    seconds = time.monotonic() - started
    total = sum(one.loaded for one in staged)
    for work in works:
        work.seconds += seconds * work.staged.loaded / total if total else 0
    return load_id


def _would_empty(staged: Staged) -> bool:
    """True if an empty answer would delete all rows of an instance from a `whole` table: only an
    extract of documents may do that."""
    batch = staged.batch
    is_right = batch.resource.is_document and batch.origin == "extracts"
    return batch.mode == "whole" and not (staged.loaded or is_right or staged.is_first)


def _result(work: Work, counts: dict[str, int]) -> Result:
    staged, batch = work.staged, work.batch
    result = Result(
        batch,
        "loaded",
        rows_read=staged.rows_read if staged else 0,
        rows_rejected=staged.rejected if staged else 0,
        row_count=counts.get(batch.instance, 0),
        seconds=work.seconds,
    )
    if work.problem:
        is_faulty = work.is_own_fault
        return replace(result, outcome="failed", is_faulty=is_faulty, message=work.problem)
    if not staged:
        return replace(result, outcome="unchanged")
    if work.is_kept:
        message = f"no rows arrived; the {result.row_count} rows of the last load stay"
        return replace(result, outcome="kept_old", message=message)
    loaded = {"rows_loaded": staged.loaded, "message": _remarks(staged)}
    what = f"{batch.title}: no card needs these fields, so they are not loaded: "
    unread = [what + ", ".join(staged.unread)] * bool(staged.unread)
    return replace(result, **loaded, warnings=staged.warnings + unread)


def _remarks(staged: Staged) -> str:
    counts = {
        "older versions left out": staged.older,
        **{f"{what}s left out": count for what, count in staged.left_out.items()},
        "values rejected": staged.values,
        "fields not needed": len(staged.unread),
    }
    remarks = [f"{count} {what}" for what, count in counts.items() if count]
    has_records = staged.rows_read > staged.left_out.total()
    return ", ".join(remarks if has_records else ["has no records", *remarks])


def _is_news(result: Result, known: dict[tuple[str, str], Record]) -> bool:
    """Unchanged files are logged only if extracted again, or if they replace a refused file."""
    before = known.get((result.batch.instance, result.batch.resource.name))
    if result.outcome != "unchanged" or not before or before["is_failed"]:
        return True
    last = before["extracted_at"]
    return last is None or raw.utc(result.batch.extracted_at) > last


@contextmanager
def _scratch(target: Warehouse, source: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """The staging database of one source, deleted afterwards, as are leftovers of a killed run."""
    folder = target.dlt / "staging" / source
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    con = open_staging(str(folder / "staging.duckdb"))
    try:
        yield con
    finally:
        con.close()
        shutil.rmtree(folder, ignore_errors=True)
