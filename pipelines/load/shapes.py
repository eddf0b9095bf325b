"""Other forms of the records: those that a shape reads, and those that a refusal names.

A shape is a `.sql` file: a select (DuckDB) from `given`, the rows of a file as texts, that gives
`n`, the number of the row, and declared fields of one resource. Its head, a comment in TOML, has
the columns by which it is recognised. A company's own, in the folder SHAPES_DIR, replace those of
the same name (docs/shapes.md).
"""

import hashlib
import os
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import TemplateError

from pipelines.duck import FILES, sql
from pipelines.settings import InputError
from pipelines.sources.tables import BY_NAME, RESOURCES, Resource
from pipelines.sources.tables import FOLDER as SOURCES_FOLDER


@dataclass(frozen=True)
class Unread:
    """A form that is not read, by its signs: each is a field, or a combination of fields (in lower
    case). `unless`: fields of our own form only. Without `resources` it applies to any."""

    what: str
    reads: str
    signs: tuple[str, ...]
    unless: str = ""
    resources: str = ""

    def sign_in(self, resource: Resource, names: set[str]) -> list[str]:
        """The fields that identify the form, or none."""
        is_other = self.resources and resource.name not in self.resources.split()
        signs = () if is_other or names & set(self.unless.split()) else self.signs
        return next((sign.split() for sign in signs if names >= set(sign.split())), [])


@dataclass(frozen=True, eq=False)
class Shape:
    """A form that is read. `columns`: by caption those of other languages; `signs`: the captions
    that a file must have, `unless`: those that it must not have, `unless_named`: how the name of
    the file or sheet must not begin, `instead`: what to export then; `lacks`: what the form never
    has, `remedy`: how a person adds a column, `wanted`: columns whose absence is said."""

    path: Path
    resource: Resource
    select: str
    what: str
    columns: dict[str, tuple[str, ...]]
    signs: tuple[str, ...]
    wanted: tuple[str, ...]
    unless: tuple[str, ...] = ()
    unless_named: tuple[str, ...] = ()
    instead: str = ""
    lacks: str = ""
    remedy: str = "export the file with it"

    def places(self, names: Iterable[str]) -> dict[str, int]:
        """Which column of a file is which caption."""
        captions = {other.lower(): name for name, them in self.columns.items() for other in them}
        found = ((captions.get(name.strip().lower()), at) for at, name in enumerate(names))
        return {caption: at for caption, at in reversed([*found]) if caption}

    def has_signs(self, names: Sequence[str]) -> bool:
        return self.places(names).keys() >= set(self.signs)

    def ruled_out(self, names: Sequence[str], titles: Sequence[str] = ()) -> str:
        """By which column or title a file is another list; empty if it is none."""
        lower = {name.strip().lower() for name in names}
        for one in self.unless:
            column, _, other = one.partition(" but no ")
            if column in lower and other not in lower:
                return f"has the column {one}"
        named = (title for title in titles if title.lower().startswith(self.unless_named))
        return next((f"is called {title}" for title in named), "")

    def note(self, names: Sequence[str]) -> str:
        """What the file is, what the form never has, and which columns this file lacks."""
        absent = [name for name in self.wanted if name not in self.places(names)]
        more = f" and {len(absent) - 6} more" * (len(absent) > 6)
        lacks = absent and f"this file has no {', '.join(absent[:6])}{more}"
        return "; ".join(filter(None, (f"is {self.what}", self.lacks, lacks)))


def _captions(lines: str) -> dict[str, tuple[str, ...]]:
    rows = ([word.strip() for word in line.split("|")] for line in lines.split("\n"))
    return {first: (first, *others) for first, *others in rows if first}


@cache
def _shape(path: Path, _changed_at: int) -> Shape:
    try:
        text = FILES.from_string(path.read_text("utf-8")).render()
        head, _, select = text.removeprefix("/*").partition("*/")
        given = tomllib.loads(head)
        source, _, name = given.pop("table").partition(".")
        wanted, also = (_captions(given.pop(key, "")) for key in ("columns", "also"))
        lists = {key: tuple(given.pop(key, ())) for key in ("signs", "unless", "unless_named")}
        columns = {"columns": wanted | also, "wanted": tuple(wanted)}
        return Shape(path, BY_NAME[source, name], select.strip("\n ;"), **columns, **lists, **given)
    except (ValueError, KeyError, TypeError, AttributeError, TemplateError) as error:
        raise InputError(f"{path}: its head, a comment in TOML, is not valid ({error}).") from error


def shapes() -> list[Shape]:
    """All shapes. Raises InputError for a file that is none."""
    own = Path(os.environ.get("SHAPES_DIR") or "-").glob("*.sql")
    paths = {path.name: path for path in (*SOURCES_FOLDER.glob("*/shapes/*.sql"), *own)}
    return [_shape(path, path.stat().st_mtime_ns) for _, path in sorted(paths.items())]


def shapes_of(resource: Resource) -> list[Shape]:
    place = (resource.source, resource.name)
    return [one for one in shapes() if (one.resource.source, one.resource.name) == place]


def shape_of(resource: Resource, names: Sequence[str], titles: Sequence[str] = ()) -> Shape | None:
    """The shape of a file with these columns: that with the most signs."""
    known = (one for one in shapes_of(resource) if not one.ruled_out(names, titles))
    fitting = (one for one in known if one.has_signs(names))
    return max(fitting, key=lambda one: len(one.signs), default=None)


def resources_of(
    names: Sequence[str], titles: Sequence[str], source: str = ""
) -> list[tuple[Resource, str]]:
    """The resources that a file with these columns can be, and what it is."""
    lower = {name.lower() for name in names}
    found = []
    for resource in RESOURCES:
        key = {field.lower() for field in resource.key}
        needed = ({field.lower() for field in need.fields} for need in resource.needs)
        if source not in ("", resource.source):
            continue
        if shape := shape_of(resource, names, titles):
            found.append((resource, shape.what))
        elif resource.needs and lower >= key and all(map(lower.intersection, needed)):
            found.append((resource, f"{resource.name} of {resource.source}"))
    return found


def rules_of(resource: Resource) -> str:
    """A hash of the shapes of a resource: when one changes, its files are read again."""
    texts = [
        sql("load/sql/shape_macros.sql"),
        *(f"{one.select}{one.columns}" for one in shapes_of(resource)),
    ]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest() if len(texts) > 1 else ""


def nearest(resource: Resource, names: Sequence[str]) -> str:
    """What to do about a file that fits no shape; empty if its resource has none."""
    known = [one for one in shapes_of(resource) if not one.ruled_out(names)]
    by_signs = {one: len(set(one.signs) & one.places(names).keys()) for one in known}
    near = max(by_signs, key=by_signs.get, default=None)
    if near and by_signs[near]:
        lacks = " and ".join(sign for sign in near.signs if sign not in near.places(names))
        return f"the nearest form is {near.what}, which needs {lacks}: {near.remedy}"
    forms = "; or ".join(f"{one.what} ({', '.join(one.signs)})" for one in known)
    return f"it needs the fields of the API; or {forms}; or your own (docs/shapes.md)" * bool(known)


def _read_unread(path: Path) -> tuple[Unread, ...]:
    found = tomllib.loads(path.read_text("utf-8"))["shapes"]
    return tuple(Unread(**{**one, "signs": tuple(one["signs"])}) for one in found)


ENVELOPES = _read_unread(Path(__file__).with_name("envelopes.toml"))
UNREAD = {path.parent.name: _read_unread(path) for path in SOURCES_FOLDER.glob("*/shapes.toml")}


def known_form(resource: Resource, names: Iterable[str], with_envelopes: bool = False) -> str:
    """The problem of a file with these fields; empty if they match no known form."""
    lower = {name.lower().strip() for name in names}
    forms = UNREAD.get(resource.source, ()) + (ENVELOPES if with_envelopes else ())
    for form in forms:
        if sign := form.sign_in(resource, lower):
            found = " and ".join(sign)
            return f"has {found}: these are {form.what}, this loader reads {form.reads}"
    return ""
