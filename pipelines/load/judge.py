"""Decides whether a staged file is usable; if not, a message has file, field and remedy.

A file without any value for a needed field is refused; never a partial API answer, which may be a
single record, nor a very small file in which the field is empty: its records are rejected, or their
values listed, individually. Messages go to logs and alerts and never quote a record.
"""

import difflib
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import duckdb
import pyarrow as pa

from pipelines.duck import sql
from pipelines.load.discovery import Batch
from pipelines.load.readers import (
    CUT_OFF,
    LINE_SCHEMA,
    NO_RECORD,
    UNCLOSED,
    InputFile,
    read_lines,
    read_texts,
)
from pipelines.load.shapes import known_form, nearest
from pipelines.settings import InputError
from pipelines.sources.tables import Need, Resource

IN_NO_WINDOW = ": the order is in no window"
SMALL_FILE = 2  # records


@dataclass(frozen=True)
class StagedFile:
    """A file of a batch in its staging table: `counts` are its rows by problem ('': none),
    `first_names` the fields of the first object, `header` its columns, None for JSON lines."""

    con: duckdb.DuckDBPyConnection
    table: str
    batch: Batch
    file: InputFile
    number: int
    counts: dict[str, int]
    first_names: Set[str]
    header: Sequence[str] | None
    remedy: str

    @property
    def title(self) -> str:
        return str(self.file.path) if self.batch.origin == "extracts" else self.file.label

    @property
    def faults(self) -> dict[str, int]:
        return {problem: n for problem, n in self.counts.items() if problem not in ("", *NO_RECORD)}

    @property
    def record_count(self) -> int:
        return sum(n for problem, n in self.counts.items() if problem not in NO_RECORD)

    @property
    def is_small(self) -> bool:
        return self.record_count <= SMALL_FILE

    @cached_property
    def names(self) -> set[str]:
        if self.header is not None:
            return set(self.header)
        spelling = self.batch.resource.spelling
        batches = pa.RecordBatchReader.from_batches(LINE_SCHEMA, read_lines(self.file))
        self.con.register("records", batches)
        try:
            found = self.con.execute(sql("load/sql/names.sql")).fetchall()
            return {spelling.get(name.lower(), name) for (name,) in found if name is not None}
        finally:
            self.con.unregister("records")

    def fields(self, wanted: Set[str]) -> set[str]:
        """The declared fields. Those of the first record count, unless it lacks one `wanted`."""
        spelling = self.batch.resource.spelling
        first = {spelling[name] for name in map(str.lower, self.first_names) if name in spelling}
        return first if first >= wanted else first | (self.names & set(spelling.values()))


def judge(staged: StagedFile) -> None:
    """Raise InputError for an unusable file."""
    resource = staged.batch.resource
    is_text = staged.header is None
    if staged.faults and is_text and next(read_texts(staged.file), "").lstrip().startswith("["):
        raise InputError(f"{staged.title}: is a JSON array; export it as one JSON object per line.")
    is_asked = staged.batch.origin == "extracts" or staged.batch.mode == "whole"
    if is_asked and "" in staged.counts and staged.counts.keys() & {CUT_OFF, UNCLOSED}:
        raise InputError(
            f"{staged.title}: is cut off in the middle of a record, or a quote in it is never"
            " closed; copy or export it again (the rows of the last load stay)."
        )
    if not staged.record_count or staged.batch.is_partial:
        return
    if form := known_form(resource, staged.first_names):
        raise InputError(f"{staged.title}: {form}; export it in this form.")
    if not _is_known(staged, staged.first_names) and not _is_known(staged, staged.names):
        raise InputError(
            f"{staged.title}: this loader reads none of its fields but"
            f" {' and '.join(resource.key)}; export it with the field names of the API."
        )
    untimed = sum(n for problem, n in staged.faults.items() if problem.endswith(IN_NO_WINDOW))
    if not staged.counts.get("") and sum(staged.faults.values()) > untimed:
        raise InputError(_no_record(staged))
    for need in resource.needs:
        _require(staged, need)
    _refuse_rounded_ids(staged)
    if untimed == staged.record_count and not staged.is_small:
        raise InputError(
            f"{staged.title}: {resource.order_time} is not a time in any record; export it in API"
            " format, such as 2026-04-09T14:03:22Z."
        )


def lacking(staged: StagedFile, fields: Set[str]) -> Iterator[str]:
    """A warning per declared field that earlier files had and no record of this one has. An answer
    of changes, or up to two records, may lack what an API leaves out when it is empty."""
    resource = staged.batch.resource
    if staged.batch.is_partial or not staged.record_count:
        return
    meanings = {field: f"{n.meaning} is not known" for n in resource.needs for field in n.fields}
    if resource.version:
        meanings[resource.version] = "its records replace stored versions, also newer ones"
    may_be_left_out = staged.is_small and staged.header is None
    for field in sorted(fields & set(resource.spelling.values())):
        if field in meanings or not may_be_left_out:
            follows = meanings.get(field, "it is empty in all records of the file")
            yield f"WARNING {staged.title} lacks {field}, which earlier files had: {follows}"


def _refuse_rounded_ids(staged: StagedFile) -> None:
    """A spreadsheet keeps 15 digits of a number: several longer ids that all end in 000."""
    for column in staged.batch.resource.key_ids:
        digits = f"regexp_extract({column.quoted}, '[0-9]{{16,}}$')"
        if staged.con.execute(
            f"select count(distinct id) > 1 and bool_and(right(id, 3) = '000') from "
            f"(select {digits} as id from {staged.table} where _file_no = {staged.number})"
            " where id <> ''"
        ).fetchall()[0][0]:
            raise InputError(
                f"{staged.title}: every {column.field} of more than 15 digits ends in 000: a"
                " spreadsheet rounded them; export the file again and do not open it there."
            )


def _is_known(staged: StagedFile, names: Set[str]) -> bool:
    """Whether records with these fields have anything but a key, or nothing but a key."""
    resource = staged.batch.resource
    declared = {column.field for column in resource.columns}
    return (
        not names.issuperset(resource.key)
        or names == set(resource.key)
        or bool(names & declared - set(resource.key))
    )


def missing(title: str, resource: Resource, field: str, names: Iterable[str], kind: str) -> str:
    """The message for a field missing in all records, with the probable format of the file."""
    if form := known_form(resource, names, with_envelopes=True):
        return f"{title}: the {kind} {field} is missing, and it {form}; export it in this form."
    lower = {name.lower(): name for name in names}
    near = difflib.get_close_matches(field.lower(), lower, n=1, cutoff=0.6)
    hint = f" (did you mean its {lower[near[0]]!r}?)" if near else ""
    remedy = nearest(resource, list(names)) or "export the file with it"
    return f"{title}: the {kind} {field} is missing{hint}; {remedy}."


def filled(resource: Resource, path: str) -> str:
    """SQL of a staged row: whether the field or inner field of a need has a value."""
    field, _, inner = path.partition(".")
    column = next(f'"{c.name}"' for c in resource.columns if c.field == field)
    text = f"json_extract_string({column}, '$.{inner}')" if inner else column
    return f"coalesce(trim({text}) <> '' and not no_value({text}), false)"


def _require(staged: StagedFile, need: Need) -> None:
    """A need is met by one record with a value, or by the field alone if blank is allowed."""
    resource = staged.batch.resource
    has_value = " or ".join(filled(resource, path) for path in need.paths)
    if staged.con.execute(
        f"select 1 from {staged.table} where _file_no = {staged.number} "
        f"and coalesce(_problem, '') not in {NO_RECORD} and ({has_value}) limit 1"
    ).fetchall():
        return
    occurs = bool(staged.names & set(need.fields))
    if occurs and (need.may_be_blank or staged.is_small):
        return
    is_listed = resource.order_time not in (None, *need.fields)
    if not occurs and staged.is_small and is_listed:
        return
    raise InputError(_unmet(staged, need, occurs))


def _unmet(staged: StagedFile, need: Need, occurs: bool) -> str:
    names = need.fields
    if occurs:
        words = f"{' or '.join(names)} ({need.meaning})"
        return f"{staged.title}: {words} is empty in every record; {staged.remedy}."
    kind = "field" if staged.header is None else "column"
    if len(names) == 1:
        resource = staged.batch.resource
        sentence = missing(staged.title, resource, names[0], staged.names, kind)
        return sentence.replace(f" {names[0]} ", f" {names[0]} ({need.meaning}) ", 1)
    return (
        f"{staged.title}: none of the {kind}s {', '.join(names)} ({need.meaning}) is there; export"
        " the file with one of them."
    )


def _no_record(staged: StagedFile) -> str:
    problem = max(staged.faults, key=staged.faults.get)
    if staged.batch.origin == "api":
        return (
            f"{staged.title}: no record of the answer can be read ({problem}); nothing is loaded."
        )
    if problem.startswith("no "):
        field = problem.removeprefix("no ").removesuffix(IN_NO_WINDOW)
        if field in staged.names:
            return f"{staged.title}: {field} has no value in any record; export it with its values."
        return missing(staged.title, staged.batch.resource, field, staged.first_names, "field")
    rows = "CSV" if staged.file.format == "csv" else "one JSON object per line"
    return f"{staged.title}: no record in it can be read ({problem}); export it again as {rows}."
