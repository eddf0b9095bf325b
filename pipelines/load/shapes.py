"""Other known formats of the records, so that a refusal can name them."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipelines.sources.tables import FOLDER as SOURCES_FOLDER
from pipelines.sources.tables import Resource


@dataclass(frozen=True)
class Shape:
    """A format by its signs: each is a field, or a combination of fields (in lower case).
    `unless`: fields of our own format only. Without `resources` it applies to any."""

    what: str
    reads: str
    signs: tuple[str, ...]
    unless: str = ""
    resources: str = ""

    def sign_in(self, resource: Resource, names: set[str]) -> list[str]:
        """The fields that identify the format, or none."""
        if self.resources and resource.name not in self.resources.split():
            return []
        if names & set(self.unless.split()):
            return []
        return next((sign.split() for sign in self.signs if names >= set(sign.split())), [])


def _read(path: Path) -> tuple[Shape, ...]:
    shapes = tomllib.loads(path.read_text("utf-8"))["shapes"]
    return tuple(Shape(**{**one, "signs": tuple(one["signs"])}) for one in shapes)


ENVELOPES = _read(Path(__file__).with_name("envelopes.toml"))
SHAPES = {path.parent.name: _read(path) for path in SOURCES_FOLDER.glob("*/shapes.toml")}


def known_shape(resource: Resource, names: Iterable[str], with_envelopes: bool = False) -> str:
    """The problem of a file with these fields; empty if they match no known format."""
    lower = {name.lower().strip() for name in names}
    shapes = SHAPES.get(resource.source, ()) + (ENVELOPES if with_envelopes else ())
    for shape in shapes:
        if sign := shape.sign_in(resource, lower):
            return (
                f"has {' and '.join(sign)}: these are {shape.what}, this loader reads {shape.reads}"
            )
    snake = [
        column.name
        for column in resource.columns
        if column.name in lower and column.field.lower() not in lower
    ]
    if with_envelopes and len(snake) > 1:
        found = " and ".join(snake[:2])
        return f"has {found}: its fields are in snake case, this loader reads the API's own names"
    return ""
