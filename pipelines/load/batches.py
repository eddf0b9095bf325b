"""Loads batches of files into the raw tables: skip unchanged files, stage, dlt, log.

`load_extracts` takes an extract folder, `load_answers` the API answers of one source, spooled as
JSON lines. Both go through `_load_source`, so the same records give the same raw rows. A problem
blocks only its resource of its instance; the old rows stay.
"""

import hashlib
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from rich.console import Console

from pipelines.duck import literal
from pipelines.load import raw
from pipelines.load.discovery import Batch, Extracts, InputFile, Problem, find_extracts
from pipelines.load.progress import LoadProgress
from pipelines.load.raw import Result
from pipelines.load.staging import (
    Staged,
    file_counts,
    leave_out_older_than_raw,
    open_staging,
    rejects,
    stage,
)
from pipelines.settings import InputError, Warehouse
from pipelines.sources.tables import BY_NAME, SOURCES


@dataclass
class LoadReport:
    """The results of a run, its problems (one message each) and ignored files."""

    results: list[Result] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    @property
    def is_ok(self) -> bool:
        return not self.problems


@dataclass
class _Work:
    """One batch being loaded: the hashes of its files by label, and those to read.

    `problem` is why it is not loaded; `is_own_fault`: caused by its own files.
    """

    batch: Batch
    hashes: dict[str, str] = field(default_factory=dict)
    files: tuple[InputFile, ...] = ()
    staged: Staged | None = None
    is_kept: bool = False
    problem: str = ""
    is_own_fault: bool = True
    seconds: float = 0.0

    @property
    def known_files(self) -> list[InputFile]:
        """Files whose content is already loaded."""
        return [file for file in self.batch.files if file not in self.files]


def load_answers(target: Warehouse, batches: list[Batch]) -> list[Result]:
    """Load the spooled API answers of one source; one result each.

    The raw tables must exist (`raw.create_tables`). The mode may differ from that of the resource,
    but all batches of a resource have the same. An empty answer never empties a `whole` table
    (outcome `kept_old`). Never raises for bad data: see `outcome` and `message` of the results.
    Raises InputError if raw.duckdb is open elsewhere.
    """
    if not batches:
        return []
    with LoadProgress(Console(quiet=True), 0) as progress:
        return _load_source(target, batches[0].resource.source, batches, progress)


def record_failure(
    target: Warehouse, source: str, instance: str, resource: str, message: str
) -> None:
    """Record in `raw_load.resource_loads` that an API answer could not be fetched."""
    declared = BY_NAME[source, resource]
    batch = Batch(declared, instance, (), datetime.now(UTC), declared.mode, "api")
    with raw.connect(target) as con:
        raw.create_tables(con)
    _log_failures(target, [Result(batch, "failed", message=message)])


def load_extracts(target: Warehouse, root: Path, console: Console) -> LoadReport:
    """Load an extract folder; a resource with a problem is skipped, the others are loaded.

    Raises InputError if the folder itself is invalid or raw.duckdb is open elsewhere.
    """
    found = find_extracts(root)
    with raw.connect(target) as con:
        raw.create_tables(con)
    report = LoadReport(ignored=found.ignored)
    report.problems += [problem.sentence for problem in found.problems]
    total = sum(_size(file.path) for batch in found.batches for file in batch.files)
    with LoadProgress(console, total) as progress:
        for source in SOURCES:
            _load_found(target, found, source, progress, report)
    return report


def _load_found(
    target: Warehouse, found: Extracts, source: str, progress: LoadProgress, report: LoadReport
) -> None:
    batches = [batch for batch in found.batches if batch.resource.source == source]
    stopped = _log_failures(target, _stopped(found, source, batches))
    kept_out = {id(result.batch) for result in stopped}
    good = [batch for batch in batches if id(batch) not in kept_out]
    results = _load_source(target, source, good, progress)
    report.results += stopped + results
    report.problems += [result.message for result in results if result.is_faulty]


def _stopped(found: Extracts, source: str, batches: list[Batch]) -> list[Result]:
    """A failed result for everything a problem of the folder blocks, even without a file."""
    results = []
    for batch in batches:
        problem = next((one for one in found.problems if one.stops(batch)), None)
        if problem:
            results.append(Result(batch, "failed", message=problem.sentence, is_faulty=True))
    seen = {(result.batch.instance, result.batch.resource.name) for result in results}
    for problem in found.problems:
        place = (problem.instance, problem.resource)
        if problem.source == source and all(place) and place not in seen:
            seen.add(place)
            results.append(_without_file(problem))
    return results


def _without_file(problem: Problem) -> Result:
    resource = BY_NAME[problem.source, problem.resource]
    mode = resource.mode_of("extracts")
    batch = Batch(resource, problem.instance, (), datetime.now(UTC), mode)
    return Result(batch, "failed", message=problem.sentence, is_faulty=True)


def _log_failures(target: Warehouse, failed: list[Result]) -> list[Result]:
    """Log the failed results and return them with the rows that stay."""
    if not failed:
        return []
    with raw.connect(target) as con:
        results = []
        for result in failed:
            batch = result.batch
            rows = raw.row_counts(con, batch.resource).get(batch.instance, 0)
            results.append(replace(result, row_count=rows))
        log = raw.Log(_new_load_id(), datetime.now(UTC).replace(tzinfo=None), loads=results)
        raw.write_log(con, log)
    return results


def _load_source(
    target: Warehouse, source: str, batches: list[Batch], progress: LoadProgress
) -> list[Result]:
    """Load the batches of one source independently; one result each, in order."""
    if not batches:
        return []
    with raw.connect(target) as con:
        known = raw.known(con, source)
    works = [_work(batch, known, progress) for batch in batches]
    changed = [work for work in works if work.files]
    log = raw.Log(_new_load_id(), datetime.now(UTC).replace(tzinfo=None))
    if changed:
        with _scratch(target, source) as con:
            _stage_all(con, changed, progress)
            _load_staged(target, con, source, [work for work in changed if not work.problem], log)
    with raw.connect(target) as con:
        results = _results(con, works)
        log.loads += [result for result in results if _is_news(result, known)]
        log.delivered += [
            (work.batch, file, work.hashes[file.label])
            for work in works
            if not work.problem and not work.is_kept
            for file in work.known_files
        ]
        if log.loads or log.delivered:
            raw.write_log(con, log)
    return results


def _work(batch: Batch, known: raw.Known, progress: LoadProgress) -> _Work:
    """The files of a batch that must be read, by content."""
    try:
        hashes = {file.label: _sha256(file.path) for file in batch.files}
    except OSError as error:
        return _Work(batch, problem=f"{error.filename} cannot be read ({error.strerror}).")
    declared = raw.declaration(batch.resource, batch.mode)
    earlier = known.hashes.get((batch.instance, batch.resource.name), [])
    here = [(hashes[file.label], declared) for file in batch.files]
    if batch.mode == "whole":
        files = () if sorted(here) == sorted(earlier) else batch.files
    else:
        pairs = zip(batch.files, here, strict=True)
        files = tuple(file for file, content in pairs if content not in earlier)
    progress.add_bytes(sum(_size(file.path) for file in batch.files if file not in files))
    return _Work(batch, hashes, files)


def _stage_all(con: duckdb.DuckDBPyConnection, works: list[_Work], progress: LoadProgress) -> None:
    """Read every file of a batch before loading any: its parts are one table."""
    for number, work in enumerate(works):
        progress.begin(work.batch.title)
        started = time.monotonic()
        try:
            batch = replace(work.batch, files=work.files)
            work.staged = stage(con, batch, f"stage_{number}", progress.add_bytes)
        except InputError as error:
            work.problem = str(error)
        work.seconds = time.monotonic() - started


def _load_staged(
    target: Warehouse,
    con: duckdb.DuckDBPyConnection,
    source: str,
    works: list[_Work],
    log: raw.Log,
) -> None:
    """Staging tables → raw tables; return the log entries."""
    con.execute(f"attach {literal(str(target.raw))} as raw (read_only)")
    for work in works:
        table = f"raw.{raw.table_of(work.batch.resource)}"
        leave_out_older_than_raw(con, work.staged, table)
        work.is_kept = _would_empty(con, work.staged, table)
    con.execute("detach raw")
    started = time.monotonic()
    staged = [work.staged for work in works if work.staged.loaded]
    if staged:
        try:
            log.load_id = raw.run_dlt(target, con, source, staged)
        except InputError as error:
            for work in works:
                work.problem, work.is_own_fault = f"not written: {error}", work is works[0]
            return
    seconds = time.monotonic() - started
    total = sum(one.loaded for one in staged)
    for work in works:
        work.seconds += seconds * work.staged.loaded / total if total else 0
        if not work.is_kept:
            log.files += _file_rows(con, work)
            listed = rejects(con, work.staged)
            work.staged.values = listed.num_rows - work.staged.rejected
            log.rejects.append((work.batch, listed))
        if work.batch.mode == "whole" and not work.is_kept:
            log.replaced.append(work.batch)
            log.emptied += [] if work.staged.loaded else [work.batch]


def _would_empty(con: duckdb.DuckDBPyConnection, staged: Staged, table: str) -> bool:
    """True if an empty answer would delete all rows of an instance from a `whole` table.

    Only an extract of documents may do that.
    """
    batch = staged.batch
    is_right = batch.resource.is_document and batch.origin == "extracts"
    if batch.mode != "whole" or staged.loaded or is_right:
        return False
    instance = [staged.batch.instance]
    return bool(
        con.execute(f"select 1 from {table} where instance = ? limit 1", instance).fetchone()
    )


def _file_rows(con: duckdb.DuckDBPyConnection, work: _Work) -> list[raw.LoadedFile]:
    counts = file_counts(con, work.staged)
    return [
        raw.LoadedFile(
            batch=work.batch,
            file=file,
            content_sha256=work.hashes[file.label],
            counts=counts.get(number, (0, 0, 0)),
        )
        for number, file in enumerate(work.files)
    ]


def _results(con: duckdb.DuckDBPyConnection, works: list[_Work]) -> list[Result]:
    counts = {w.batch.resource: raw.row_counts(con, w.batch.resource) for w in works}
    return [_result(work, counts[work.batch.resource]) for work in works]


def _result(work: _Work, counts: dict[str, int]) -> Result:
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
    return replace(result, rows_loaded=staged.loaded, message=_remarks(staged))


def _remarks(staged: Staged) -> str:
    remarks = []
    if not staged.rows_read:
        remarks.append("has no records")
    if staged.older:
        remarks.append(f"{staged.older} older versions left out")
    if staged.children:
        remarks.append(f"{staged.children} child lines left out")
    if staged.values:
        remarks.append(f"{staged.values} values rejected")
    return ", ".join(remarks)


def _is_news(result: Result, known: raw.Known) -> bool:
    """Unchanged files are logged only if extracted again (fresher data), or if they replace a
    refused file (the resource is good again).
    """
    batch = result.batch
    name = (batch.instance, batch.resource.name)
    last = known.extracted_at.get(name)
    if result.outcome != "unchanged" or name in known.failed:
        return True
    return last is None or raw.utc(batch.extracted_at) > last


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


def _size(path: Path) -> int:
    """Bytes of a file; 0 if it was just deleted, which its reader reports."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _new_load_id() -> str:
    """A load id like dlt's: seconds since 1970, so ids sort by time."""
    return str(time.time())
