"""Reads one extract file as Arrow record batches of text, bounded in memory.

JSON Lines give (n, fault, text, is_open): number and problem of the line, the line, and whether it
has no line end (of a truncated file). CSV gives (n, fault, text, c0, c1, …): the first line of the
record (the header is line 1) and its cells by position. DuckDB parses them (staging.py).
"""

import csv
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, Literal

import duckdb
import duckdb_extension_excel
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.duck import columns_of, literal
from pipelines.settings import InputError

Format = Literal["jsonl", "json", "csv", "parquet", "xlsx"]

CHUNK_BYTES = 1 << 20
MAX_LINE_BYTES = 256 << 20
MAX_UNPACKED_BYTES = 64 << 30
CSV_BATCH_ROWS = 20_000
DELIMITERS = ",;\t|"
INVISIBLE = re.compile("[\x00\u00ad\u200b-\u200f\u2060\ufeff]")
SEPARATOR_HINT = re.compile(r"\"?sep=.\"?\s*", re.IGNORECASE)
TOP_ROWS = 20
CELLS, TOP_CELLS = "header = true", f"header = false, range = 'A1:AZ{TOP_ROWS}'"
SHEET = re.compile(r'<(?:\w+:)?sheet\b[^>]*?\bname="([^"]*)"')
NOT_UTF8 = "not UTF-8"
NO_RECORD = (CHILD := "child line", EMPTY_ROW := "empty row")  # child: of a Shopify bulk file
CUT_OFF = "cut off: the file ends in the middle of this record"
UNCLOSED = "a quote that opens in this record is never closed: the rest of the file is unread"
END_MARK = "\x00end of file\x00"

ROW_SCHEMA = pa.schema([("n", pa.int64()), ("fault", pa.string()), ("text", pa.string())])
LINE_SCHEMA = ROW_SCHEMA.append(pa.field("is_open", pa.bool_()))

# A number with a fraction that a double cannot represent, or with an exponent, or that would be
# written with one: first a cheap filter over whole lines, then the exact token.
MAY_HOLD_LONG_NUMBER = (
    r"[:,\[\s]-?(?:0\.0{4}|[0-9]+\.[0-9]{10}|[0-9]{7,}\.[0-9]|[0-9]+(?:\.[0-9]+)?[eE])"
)
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?[eE][+-]?\d+|-?\d+\.\d+(?![\d.eE+-])')
LONG_NUMBER = re.compile(r"-?(0\.0{4,}\d+|(?=[\d.]{17,})\d+\.\d+|[\d.]+[eE][+-]?\d+)")


@dataclass(frozen=True)
class InputFile:
    """One file to load. `label` goes into `_source_file`: its path below the extract folder, or
    the endpoint of an API answer. Labels are unique within a resource of an instance."""

    path: Path
    label: str
    format: Format = "jsonl"
    is_gzip: bool = False


def read_lines(file: InputFile) -> Iterator[pa.RecordBatch]:
    """Batches of LINE_SCHEMA, without blank lines."""
    number = 0
    for chunk, is_open in _line_chunks(file):
        batch = _line_batch(chunk, number, is_open)
        number += batch.num_rows
        if not pc.all(pc.starts_with(batch["text"], "{")).as_py():
            batch = batch.filter(pc.not_equal(pc.utf8_ltrim_whitespace(batch["text"]), ""))
        yield batch


def read_texts(file: InputFile) -> Iterator[str]:
    return (text for batch in read_lines(file) for text in batch["text"].to_pylist())


def first_names(file: InputFile) -> list[str]:
    """The fields of the first record of JSON Lines that is an object with any."""
    for text in read_texts(file):
        try:
            record = json.loads(text)
        except ValueError:
            continue
        if record and isinstance(record, dict):
            return list(record)
    return []


def read_csv_header(file: InputFile) -> tuple[list[str], str]:
    """(column names, delimiter) of a CSV file; no names if the file is empty."""
    with _open_text(file) as stream:
        lines = iter(_Lines(stream))
        first = next(filter(str.strip, lines), "")
        if not first:
            return [], ","
        delimiter = _delimiter(first)
        header = next(csv.reader(chain([first], lines), delimiter=delimiter))
    return [printable(INVISIBLE.sub("", name).strip()) for name in header], delimiter


def _delimiter(line: str) -> str:
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([line], delimiter=sign), "")))


def top_rows(file: InputFile) -> list[list[str]]:
    """The first rows of a table, as they are in it."""
    if file.format == "csv":
        with _open_text(file) as stream:
            lines = list(islice(_Lines(stream), TOP_ROWS))
        return [next(csv.reader([line], delimiter=_delimiter(line)), []) for line in lines]
    if file.format != "xlsx":
        return []
    with duckdb.connect() as con:
        rows = con.execute(f"from {table_function(con, file, TOP_CELLS)}").fetchall()
    return [[cell or "" for cell in row] for row in rows]


def titles(file: InputFile) -> tuple[str, ...]:
    """The name of a file, and of the first sheet of a workbook."""
    if file.format != "xlsx" or not _is_workbook(file.path):
        return (file.path.stem,)
    with zipfile.ZipFile(file.path) as book:
        sheets = SHEET.findall(book.read("xl/workbook.xml").decode("utf-8", "replace"))
    return file.path.stem, *sheets[:1]


def table_function(con: duckdb.DuckDBPyConnection, file: InputFile, cells: str = CELLS) -> str:
    """SQL of the rows of a Parquet file, or of the first sheet of a workbook as texts."""
    path = literal(str(file.path))
    if file.format == "parquet":
        return f"read_parquet({path}, file_row_number = true)"
    folder = Path(duckdb_extension_excel.__file__).parent / f"extensions/v{duckdb.__version__}"
    con.execute(f"load {literal(str(folder / 'excel.duckdb_extension'))}")
    return f"read_xlsx({path}, {cells}, all_varchar = true, stop_at_empty = false)"


def column_names(file: InputFile) -> list[str]:
    """The columns of a file, or the fields of its first record; none if it cannot be read."""
    try:
        if file.format == "csv":
            return read_csv_header(file)[0]
        if file.format in ("json", "jsonl"):
            return first_names(file)
        with open_bytes(file), duckdb.connect() as con:
            return list(columns_of(con, table_function(con, file)))
    except (InputError, duckdb.Error):
        return []


def read_csv(file: InputFile, width: int, delimiter: str) -> Iterator[pa.RecordBatch]:
    """Batches of (n, fault, text, c0 … c<width-1>); an empty cell is NULL, a later header none."""
    with _open_text(file) as stream:
        lines = _Lines(stream)
        # the end mark is a separate record, unless a quote is unclosed
        reader = csv.reader(chain(lines, [END_MARK]), delimiter=delimiter)
        header = next(row for row in reader if row)
        numbers: list[int] = []
        rows: list[list[str]] = []
        begins = reader.line_num + 1
        for row in reader:
            if row not in ([], header, [END_MARK]):
                numbers.append(begins)
                rows.append(row if any(row[width:]) else row[:width])
            begins = reader.line_num + 1
            if len(rows) == CSV_BATCH_ROWS:
                yield _csv_batch(numbers, rows, width, delimiter, lines.is_open)
                numbers, rows = [], []
        yield _csv_batch(numbers, rows, width, delimiter, lines.is_open)


class _Lines:
    """Yield the lines of a text, without Excel's `sep=;`; `is_open`: the last has no line end."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.is_open = False

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(self._stream):
            self.is_open = not line.endswith(("\n", "\r"))
            yield "\n" if number == 0 and SEPARATOR_HINT.fullmatch(line) else line.lstrip("\ufeff")


def csv_schema(width: int) -> pa.Schema:
    return pa.schema([*ROW_SCHEMA, *((f"c{i}", pa.string()) for i in range(width))])


def quote_long_numbers(line: str) -> str:
    """Convert numbers of a JSON text whose digits a double would lose to strings."""

    def quoted(token: re.Match[str]) -> str:
        text = token[0]
        return f'"{text}"' if LONG_NUMBER.fullmatch(text) else text

    return TOKEN.sub(quoted, line)


def _line_chunks(file: InputFile) -> Iterator[tuple[bytes, bool]]:
    """The file in chunks of whole lines; True for a last line without line end."""
    with open_bytes(file) as stream:
        if file.format == "json":
            yield _answer_as_lines(file, stream.read()), False
            return
        pending: list[bytes] = []
        pending_bytes = 0
        while chunk := stream.read(CHUNK_BYTES):
            head, newline, tail = chunk.rpartition(b"\n")
            if newline:
                yield b"".join((*pending, head)), False
                pending, pending_bytes = [], 0
            pending.append(tail)
            pending_bytes += len(tail)
            if pending_bytes > MAX_LINE_BYTES:
                raise InputError(
                    f"{file.path}: a line is longer than {MAX_LINE_BYTES >> 20} MB; "
                    "the file must have one object per line."
                )
        if pending_bytes:
            yield b"".join(pending), not pending[-1].endswith(b"\r")


def _answer_as_lines(file: InputFile, content: bytes) -> bytes:
    """The records of an API's answer as it came: a list, by itself or in an object."""
    try:
        found = json.loads(content, parse_float=str)
    except ValueError as error:
        raise InputError(f"{file.path} is not valid JSON ({error}); save it again.") from error
    while isinstance(found, dict) and "id" not in found:
        lists = [value for value in found.values() if isinstance(value, list)]
        inner = lists or [found.get("data") or next(iter(found.values()), None)]
        if len(inner) > 1 or not isinstance(inner[0], list | dict):
            break
        found = inner[0]
    records = found if isinstance(found, list) else [found]
    nodes = (one.get("node", one) if isinstance(one, dict) else one for one in records)
    return b"\n".join(json.dumps(node).encode() for node in nodes)


def _line_batch(chunk: bytes, before: int, is_open: bool) -> pa.RecordBatch:
    if b"\r" in chunk:
        chunk = chunk.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        texts = pc.split_pattern(pa.array([chunk], pa.binary()).cast(pa.string()), "\n").flatten()
        faults = pa.nulls(len(texts), pa.string())
    except pa.ArrowInvalid:
        lines = [(line.decode("utf-8", "replace"), line) for line in chunk.split(b"\n")]
        texts = pa.array([text for text, _ in lines], pa.string())
        faults = [None if text.encode() == line else NOT_UTF8 for text, line in lines]
        faults = pa.array(faults, pa.string())
    numbers = pa.array(range(before + 1, before + 1 + len(texts)), pa.int64())
    open_ends = pc.and_(pc.equal(numbers, before + len(texts)), pa.scalar(is_open))
    arrays = [numbers, faults, _with_long_numbers_quoted(texts), open_ends]
    return pa.record_batch(arrays, schema=LINE_SCHEMA)


def _with_long_numbers_quoted(texts: pa.StringArray) -> pa.StringArray:
    mask = pc.match_substring_regex(texts, MAY_HOLD_LONG_NUMBER)
    if not pc.any(mask).as_py():
        return texts
    quoted = [quote_long_numbers(text) for text in texts.filter(mask).to_pylist()]
    return pc.replace_with_mask(texts, mask, pa.array(quoted, pa.string()))


def _csv_batch(
    numbers: list[int], rows: list[list[str]], width: int, delimiter: str, is_open: bool
) -> pa.RecordBatch:
    faults = [_csv_fault(row, width) for row in rows]
    if is_open and rows and len(rows[-1]) < width and faults[-1] != UNCLOSED:
        faults[-1] = CUT_OFF
    texts = [
        printable(delimiter.join(row).removesuffix(END_MARK)) if fault else None
        for row, fault in zip(rows, faults, strict=True)
    ]
    empty = [None] * width
    cells = [
        [cell or None for cell in row] if not fault else empty
        for row, fault in zip(rows, faults, strict=True)
    ]
    columns = zip(*cells, strict=True) if cells else [()] * width
    arrays = [numbers, faults, texts, *columns]
    schema = csv_schema(width)
    return pa.record_batch(
        [pa.array(values, column.type) for values, column in zip(arrays, schema, strict=True)],
        schema=schema,
    )


def _csv_fault(row: list[str], width: int) -> str | None:
    if row[-1].endswith(END_MARK):
        return UNCLOSED
    if not any(map(str.strip, row)):
        return EMPTY_ROW
    if len(row) != width:
        return f"{len(row)} cells where the header has {width}"
    if not "".join(row).isascii() and any("\udc80" <= sign <= "\udcff" for sign in "".join(row)):
        return NOT_UTF8
    return None


class _Unpacked(gzip.GzipFile):
    def readinto(self, buffer: Any) -> int:
        if self.tell() > MAX_UNPACKED_BYTES:
            size = f"more than {MAX_UNPACKED_BYTES >> 30} GB"
            raise InputError(f"{self.name} unpacks to {size}; export it again in parts.")
        return super().readinto(buffer)


@contextmanager
def open_bytes(file: InputFile) -> Iterator[IO[bytes]]:
    """The bytes of a file, unzipped and without a byte order mark. Raises InputError for a file
    that is unreadable, damaged or in another format than its name."""
    try:
        with open(file.path, "rb") as disk:
            magic = disk.read(4)
            _check_magic(file, magic)
            if file.is_gzip and not magic:
                raise EOFError("it is empty")
            disk.seek(0)
            stream = _Unpacked(fileobj=disk) if file.is_gzip else disk
            buffered = io.BufferedReader(stream, CHUNK_BYTES)
            _skip_byte_order_mark(file, buffered)
            yield buffered
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(
            f"{file.path}: the gzip data is cut off or damaged ({error}); export or copy it again."
        ) from error
    except OSError as error:
        raise InputError(f"{file.path} cannot be read ({error.strerror or error}).") from error


@contextmanager
def _open_text(file: InputFile) -> Iterator[IO[str]]:
    csv.field_size_limit(MAX_LINE_BYTES)
    with open_bytes(file) as stream:
        try:
            yield io.TextIOWrapper(stream, "utf-8", errors="surrogateescape", newline="")
        except csv.Error as error:
            raise InputError(f"{file.path} cannot be read as CSV ({error}).") from error


def _check_magic(file: InputFile, magic: bytes) -> None:
    is_gzip = magic.startswith(b"\x1f\x8b")
    if file.format == "xlsx" and not _is_workbook(file.path):
        raise InputError(f"{file.path} is no workbook, or a damaged one; save it again as .xlsx.")
    if magic == b"PK\x03\x04" and file.format != "xlsx":
        raise InputError(f"{file.path} is a zip archive or a workbook; save it as its name says.")
    if is_gzip and not file.is_gzip:
        raise InputError(f"{file.path} is gzip; add .gz to its name.")
    if magic and not is_gzip and file.is_gzip:
        raise InputError(f"{file.path} is not gzip; remove .gz from its name.")
    if magic == b"PAR1" and file.format != "parquet":
        raise InputError(f"{file.path} is Parquet; name it {file.path.stem}.parquet.")


def _is_workbook(path: Path) -> bool:
    """DuckDB would read a damaged archive for ever."""
    try:
        with zipfile.ZipFile(path) as book:
            return "xl/workbook.xml" in book.namelist() and book.testzip() is None
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return False


def _skip_byte_order_mark(file: InputFile, stream: io.BufferedReader) -> None:
    start = stream.peek(3)[:3]
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{file.path} is UTF-16; save it as UTF-8.")
    if start == b"\xef\xbb\xbf":
        stream.read(3)


def printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
