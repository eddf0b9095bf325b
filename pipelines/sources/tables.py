"""The declared columns of every raw table: `raw_<source>.<resource>`.

Each source declares its tables in `tables.toml`, one `Resource` per raw table. `columns` are the
API's top-level field names; the raw column is their snake_case form. Scalars are unchanged text (no
digit of a number is lost), `:json` marks objects and arrays, which are one JSON column, `:list` a
list of objects, `:tags` of texts, `:id` an id of the shop, `:code` a code, `:account` and `:number`
numbers of D365 (load/sql/macros.sql). A text for "no value" (NULL, nan, n/a …) is NULL. `record` is
the whole object as received. A file without any value for one of `needs` is refused
(load/judge.py).

Every raw table also has `instance`, `_source_file`, `_record_number`, `_dlt_load_id`; with an
`order_time` also `_ordered_at`, with a `version` also `_version_at` (UTC, NULL if not a time).
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Mode = Literal["merge", "whole"]
Kind = Literal["text", "json", "list", "tags", "id", "code", "account", "number", "company"]
NESTED = ("json", "list", "tags")
Origin = Literal["extracts", "api"]
SCALARS = {"text": "scalar_text"}  # of any other kind id_text, code_text …


@dataclass(frozen=True)
class Column:
    """One declared field: `field` is the API's spelling, `name` the raw column."""

    field: str
    name: str
    kind: Kind

    @property
    def quoted(self) -> str:
        return f'"{self.name}"'


@dataclass(frozen=True)
class Need:
    """`paths` are alternatives, a field or `field.inner.inner`: one is enough. `may_be_blank`:
    blank is a valid value (not blocked, a withheld e-mail), so the field only has to exist. Other
    blanks are listed as rejected, unless `is_listed_later` (int_codes_rejected does it)."""

    paths: tuple[str, ...]
    meaning: str
    may_be_blank: bool = False
    is_listed_later: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path.partition(".")[0] for path in self.paths))


@dataclass(frozen=True)
class Resource:
    """One raw table. `merge`: by (instance, key), the newest `version` wins, else the later load,
    file or line; `whole`: the files of one instance form its table. `gid`: the type of its Shopify
    ids. `is_document`: a complete extract or answer is whole; an extract may be empty. A record
    without its `order_time` (API spelling, as `version`) is rejected."""

    source: str
    name: str
    mode: Mode
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    version: str | None = None
    order_time: str | None = None
    gid: str | None = None
    has_record: bool = False
    is_document: bool = False
    needs: tuple[Need, ...] = ()

    def mode_of(self, origin: Origin) -> Mode:
        """How a load of this origin fills the table."""
        return "whole" if self.is_document and origin == "extracts" else self.mode

    @property
    def schema(self) -> str:
        return f"raw_{self.source}"

    @property
    def spelling(self) -> dict[str, str]:
        return {column.field.lower(): column.field for column in self.columns}

    @property
    def key_ids(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.kind != "text" and c.field in self.key)

    @property
    def key_columns(self) -> tuple[str, ...]:
        return tuple(snake_case(field) for field in self.key)

    def scalar(self, column: Column, text: str) -> str:
        """SQL of the value that a raw column has for a text."""
        value = f"{SCALARS.get(column.kind, column.kind + '_text')}({text})"
        return (
            f"gid_text({value}, '{self.gid}')" if self.gid and column.field in self.key else value
        )

    @property
    def times(self) -> tuple[tuple[str, str], ...]:
        """(helper column, field that it is read from)."""
        times = (("_ordered_at", self.order_time), ("_version_at", self.version))
        return tuple((name, field) for name, field in times if field)

    @property
    def sql_columns(self) -> tuple[tuple[str, str], ...]:
        declared = [(c.name, "JSON" if c.kind in NESTED else "VARCHAR") for c in self.columns]
        record = [("record", "JSON")] if self.has_record else []
        place = [("instance", "VARCHAR"), ("_source_file", "VARCHAR"), ("_record_number", "BIGINT")]
        times = [(name, "TIMESTAMP") for name, _ in self.times]
        return (*declared, *record, *place, *times, ("_dlt_load_id", "VARCHAR"))


def snake_case(field: str) -> str:
    """The raw column of an API field: createdAt → created_at, ISOCode → iso_code."""
    broken = re.sub(r"([^_])([A-Z][a-z]+)", r"\1_\2", field)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", broken).lower()


def declared(source: str, tables: dict[str, Any]) -> Iterator[Resource]:
    """The raw tables of a source, from `tables.toml`; columns and paths: words, `name:kind`."""
    for name, given in tables.items():
        words = [word.partition(":") for word in given.pop("columns").split()]
        columns = tuple(
            Column(field, snake_case(field), kind or "text") for field, _, kind in words
        )
        needs = tuple(
            Need(**{**one, "paths": tuple(one["paths"].split())}) for one in given.pop("needs", ())
        )
        key = tuple(given.pop("key"))
        yield Resource(source, name, key=key, columns=columns, needs=needs, **given)


FOLDER = Path(__file__).parent
_FILES = {
    path.parent.name: tomllib.loads(path.read_text("utf-8"))
    for path in sorted(FOLDER.glob("*/tables.toml"))
}
LABELS: dict[str, str] = {source: tables.pop("label") for source, tables in _FILES.items()}
RESOURCES: tuple[Resource, ...] = tuple(
    resource for source, tables in _FILES.items() for resource in declared(source, tables)
)
SOURCES: tuple[str, ...] = tuple(_FILES)
BY_NAME: dict[tuple[str, str], Resource] = {(r.source, r.name): r for r in RESOURCES}
