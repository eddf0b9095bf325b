"""Finds the files of an extract folder.

The folder is
`<root>/<source>/<instance>/<resource>[.part-NNNN].{jsonl,json,csv,parquet,xlsx}[.gz]`. A file
with another name is read when its columns say which resource it is; any other is named.
"""

import difflib
import os
import re
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pipelines.load.readers import InputFile, column_names, printable, titles, top_rows
from pipelines.load.shapes import resources_of, shapes
from pipelines.settings import InputError
from pipelines.sources.tables import BY_NAME, SOURCES, Mode, Origin, Resource

FILE_NAME = re.compile(
    r"(?P<resource>[^.]+)(\.part-(?P<part>\d+))?\.(?P<format>jsonl?|csv|parquet|xlsx)(?P<gzip>\.gz)?",
    re.IGNORECASE,
)
READ_ENDING = re.compile(
    r"(?P<middle>.*)\.(?P<format>jsonl?|csv|parquet|xlsx)(?P<gzip>\.gz)?", re.IGNORECASE
)
WHOLE_FILE = -1  # the part number of a whole file
FIRST_EXPORT = 1_000_000  # and of a file with the name that an export gives it
ENDINGS = ".jsonl, .json, .csv (each also .gz), .xlsx or .parquet"
PLACE = "<shop, store, tenant or company>"
DATA_ENDINGS = {
    *"jsonl json csv parquet xlsx ndjson tsv txt xml xls avro orc".split(),
    *"zip zst bz2 xz 7z tar tgz gz".split(),
}


@dataclass(frozen=True)
class Batch:
    """All files of one instance's resource, in loading order.

    `extracted_at` (UTC) is the age of the data: the newest file time, or the time of the API call.
    `mode` may differ from that of the resource. `is_partial`: an API answer with changes only, so
    earlier answers still count.
    """

    resource: Resource
    instance: str
    files: tuple[InputFile, ...]
    extracted_at: datetime
    mode: Mode
    origin: Origin = "extracts"
    is_partial: bool = False

    @property
    def title(self) -> str:
        return f"{self.resource.source}/{self.instance}/{self.resource.name}"


@dataclass(frozen=True)
class Problem:
    """A problem of the folder, and what it blocks: a resource of an instance, an instance, a
    source, or (without a source) nothing."""

    sentence: str
    source: str = ""
    instance: str = ""
    resource: str = ""

    def stops(self, batch: Batch) -> bool:
        return (
            self.source == batch.resource.source
            and self.instance.lower() in ("", batch.instance.lower())
            and self.resource in ("", batch.resource.name)
        )


@dataclass
class Extracts:
    batches: list[Batch] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def check_extracts(root: Path) -> None:
    """Raises InputError if `root` is not a folder."""
    if not root.exists():
        raise InputError(f"{root}: no such folder; give the folder of your extracts.")
    if not root.is_dir():
        raise InputError(f"{root} is a file; give the folder that contains <source>/<instance>/.")


def find_extracts(root: Path) -> Extracts:
    """Raises InputError if `root` is not a folder or has no known source in it."""
    check_extracts(root)
    found = Extracts()
    sources: dict[str, Path] = {}
    for entry in _entries(root):
        source = entry.name.lower()
        if not entry.is_dir() or source not in SOURCES:
            if not _ask_about(found, root, entry):
                _note_stranger(found, entry, root, SOURCES)
        elif source in sources:
            same = f"{root}: {sources[source].name} and {entry.name} are the same source"
            sentence = f"{same}; put their instances into one folder."
            found.problems.append(Problem(sentence, source))
        else:
            sources[source] = entry
    is_inside = {root.name.lower(), root.parent.name.lower()} & set(SOURCES)
    if not sources and (is_inside or not found.problems):
        raise InputError(_no_source(root))
    for source, folder in sources.items():
        _find_instances(found, root, source, folder)
    return found


def _find_instances(found: Extracts, root: Path, source: str, folder: Path) -> None:
    seen: dict[str, str] = {}
    try:
        entries = list(_entries(folder))
    except InputError as error:
        found.problems.append(Problem(str(error), source))
        return
    for entry in entries:
        if entry.is_dir():
            other = seen.setdefault(entry.name.lower(), entry.name)
            if other != entry.name:
                same = f"{folder}: {other} and {entry.name} are the same instance"
                sentence = f"{same}; put their files into one folder."
                found.problems.append(Problem(sentence, source, entry.name))
            _find_files(found, root, source, entry)
        elif _ask_about(found, root, entry, source):
            continue
        elif FILE_NAME.fullmatch(entry.name):
            sentence = f"{entry}: the instance folder is missing; move the file to"
            found.problems.append(Problem(f"{sentence} {folder / PLACE / entry.name}."))
        else:
            found.ignored.append(f"{_label(entry, root)}: {_why_ignored(entry, (), source)}")


def _ask_about(found: Extracts, root: Path, entry: Path, source: str = "") -> bool:
    """Whether a file outside of an instance folder is one of a source: then it is asked about."""
    place = entry.name if entry.is_dir() else PLACE
    asked = len(found.problems)
    for file in entry.iterdir() if entry.is_dir() and os.access(entry, os.R_OK) else [entry]:
        for resource, what in _resources_of(file, source):
            target = root / resource.source / place / file.name
            found.problems.append(Problem(f"{file} is {what}: move it to {target}."))
    return len(found.problems) > asked


def _resources_of(file: Path, source: str) -> list[tuple[Resource, str]]:
    """What a file is, by its columns, if that is certain."""
    match = READ_ENDING.fullmatch(file.name)
    if not match or not file.is_file():
        return []
    given = _input(file, file.name, match)
    known = resources_of(column_names(given), titles(given), source)
    return known if len(known) == 1 else []


def why_unread(file: InputFile, source: str) -> str:
    """Why a file is not read that has the captions of a shape, or has them further below."""
    names = column_names(file)
    for shape in (one for one in shapes() if one.resource.source == source):
        sign = shape.has_signs(names) and shape.ruled_out(names, titles(file))
        if sign and shape.instead:
            return f"{sign}, so it is not {shape.what}: {shape.instead}"
        for number, row in enumerate(top_rows(file), start=1):
            if number > 1 and shape.has_signs(row):
                place = f"its captions are in row {number}, not in the first"
                return f"is {shape.what}, but {place}: delete the rows above them"
    return ""


def _input(path: Path, label: str, match: re.Match[str]) -> InputFile:
    return InputFile(path, label, match["format"].lower(), bool(match["gzip"]))


def _find_files(found: Extracts, root: Path, source: str, folder: Path) -> None:
    names = tuple(name for known, name in BY_NAME if known == source)
    parts: dict[str, dict[int, InputFile]] = defaultdict(dict)
    named, exports = [], []
    try:
        entries = list(_entries(folder))
        if printable(folder.name) != folder.name:  # it goes into the tables
            name = printable(str(folder))
            raise InputError(f"{name}: its name is not UTF-8; rename the folder.")
    except InputError as error:
        found.problems.append(Problem(str(error), source, folder.name))
        return
    for entry in entries:
        match = FILE_NAME.fullmatch(entry.name)
        resource = match["resource"].lower() if match else ""
        if entry.is_dir() or resource not in names:
            known = _resources_of(entry, source)
            if not known:
                _note_stranger(found, entry, root, names, source)
                continue
            exports.append((entry, READ_ENDING.fullmatch(entry.name), known[0][0].name))
            continue
        if fault := _no_file(entry):
            found.problems.append(Problem(fault, source, folder.name, resource))
            continue
        named.append((entry, match, resource))
    for entry, match, resource in (*named, *exports):
        earlier = parts[resource]
        part = int(match.groupdict().get("part") or WHOLE_FILE)
        if match.re is READ_ENDING:
            is_whole = BY_NAME[source, resource].mode_of("extracts") == "whole"
            part = FIRST_EXPORT + (0 if is_whole else len(earlier))
            if min(earlier, default=part) < FIRST_EXPORT:
                reason = f"{resource} has a file of its own name; rename this one if it is a part"
                found.ignored.append(f"{_label(entry, root)}: {reason}")
                continue
        if part in earlier or (earlier and WHOLE_FILE in (part, *earlier)):
            paths = {number: file.path for number, file in earlier.items()}
            sentence = _twice(folder, resource, paths, part, entry)
            found.problems.append(Problem(sentence, source, folder.name, resource))
        earlier[part] = _input(entry, _label(entry, root), match)
    for resource, files in parts.items():
        inputs = tuple(files[part] for part in sorted(files))
        newest = max(file.path.stat().st_mtime for file in inputs)
        at, declared = datetime.fromtimestamp(newest, UTC), BY_NAME[source, resource]
        batch = Batch(declared, folder.name, inputs, at, declared.mode_of("extracts"))
        found.batches.append(batch)


def _no_file(entry: Path) -> str:
    """Why an entry named like an extract cannot be read; empty if it can."""
    try:
        mode = entry.stat().st_mode
    except OSError as error:
        return f"{entry} is a broken link ({error.strerror}); replace it with the file."
    if not stat.S_ISREG(mode):
        return f"{entry} is not a regular file; replace it with one."
    return ""


def _twice(folder: Path, resource: str, earlier: dict[int, Path], part: int, entry: Path) -> str:
    """The message for two files of one part, or for a whole file next to parts: that may be another
    part, or an older export that would restore deleted records."""
    same = earlier.get(part)
    if same:
        return f"{folder}: {same.name} and {entry.name} both contain {resource}; keep one of them."
    whole = entry if part == WHOLE_FILE else earlier[WHOLE_FILE]
    piece = next(iter(earlier.values())) if part == WHOLE_FILE else entry
    renamed = whole.name.replace(".", ".part-0000.", 1)
    return (
        f"{folder}: {whole.name} is all of {resource}, and {piece.name} only a part; remove the"
        f" outdated one, or rename the first to {renamed} if it is also a part."
    )


def _note_stranger(
    found: Extracts, entry: Path, root: Path, known: Iterable[str], source: str = ""
) -> None:
    """An unexpected folder or file: a problem if it looks misspelled, else ignored."""
    stem, _, ending = entry.name.lower().partition(".")
    is_data = bool(FILE_NAME.fullmatch(entry.name)) or ending.split(".")[-1] in DATA_ENDINGS
    is_candidate = entry.is_file() and is_data if source else entry.is_dir()
    near = difflib.get_close_matches(stem, tuple(known), n=1, cutoff=0.75)
    sentence = ""
    if is_candidate and near and near[0] != stem:
        kind = "resource" if source else "source"
        sentence = f"{entry}: unknown {kind} {stem!r}; did you mean {near[0]!r}? Rename it."
    elif is_candidate and near and (named := READ_ENDING.fullmatch(ending)):
        sentence = (
            f"{entry}: {named['middle']!r} is not a part number; name it"
            f" {stem}.part-0001.{ending.removeprefix(named['middle'] + '.')}, or remove it."
        )
    elif is_candidate and near:
        sentence = f"{entry}: this format is not read; save {stem} as {ENDINGS}."
    if not sentence:
        found.ignored.append(f"{_label(entry, root)}: {_why_ignored(entry, known, source)}")
    elif source:
        found.problems.append(Problem(sentence, source, entry.parent.name, near[0]))
    else:
        found.problems.append(Problem(sentence))


def _why_ignored(entry: Path, known: Iterable[str], source: str) -> str:
    ending = entry.name.lower().rpartition(".")[2]
    if entry.is_dir():
        names = f"; a folder of a source has one of the names {', '.join(known)}"
        return "a folder below an instance is not read" if source else f"no source{names}"
    if ending not in DATA_ENDINGS:
        return "no data file"
    if not source or not known:
        place = f"{source or '<source>'}/{PLACE}/<resource>.{ending}"
        return f"outside of an instance folder; its name would be {place}"
    match = READ_ENDING.fullmatch(entry.name)
    if match and (reason := why_unread(_input(entry, entry.name, match), source)):
        return reason
    return f"neither its name nor its columns are those of {source}: {', '.join(known)}"


def _no_source(root: Path) -> str:
    expected = "expected files such as shopify/<shop>/orders.jsonl below it"
    if root.name.lower() in SOURCES:
        return f"{root} is the folder of one source; name its parent, {root.parent}."
    if root.parent.name.lower() in SOURCES:
        return f"{root} is the folder of one instance; name {root.parent.parent}."
    for inner in filter(Path.is_dir, _entries(root)):
        if any(child.name.lower() in SOURCES for child in _entries(inner)):
            return f"{root}: no source folder in it, but {inner} has one; name that folder."
    return f"{root}: no source folder in it ({', '.join(SOURCES)}); {expected}."


def _entries(folder: Path) -> Iterator[Path]:
    """Entries sorted by name, without hidden and office lock files."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        raise InputError(
            f"{folder} cannot be read ({error.strerror}); check its rights."
        ) from error
    return (entry for entry in entries if not entry.name.startswith((".", "~$")))


def _label(path: Path, root: Path) -> str:
    return printable(path.relative_to(root).as_posix())
