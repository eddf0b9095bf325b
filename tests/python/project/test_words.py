"""Plain English: retired words stay out of texts, comments, docstrings and messages."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

from project_files import ROOT, tracked_files

# fix, says, no one, is, contains; 'nobody' in quotes or brackets is a value of the history
RETIRED = re.compile(
    r"(?<!['\"(`])\b(mend|mended|mends|tells?|told|nobody(?!\])|somebody(?! else)|anybody|everybody|stands?|stood|"
    r"lies|(?<!on )holds?|in silence)\b",
    re.IGNORECASE,
)
SUFFIXES = {".md", ".yml", ".toml", ".sql", ".html", ".js", ".css", ".py", ""}
OTHERS = ("tests/mutants/", "data/")  # search texts; not our words


def texts(path: Path) -> list[str]:
    """The lines of a file; of Python comments and strings with a space; no rows of unit tests."""
    source = path.read_text(encoding="utf-8")
    if path.name.endswith("_unit_tests.yml"):
        return [line for line in source.splitlines() if "{" not in line and "select" not in line]
    if path.suffix != ".py":
        return source.splitlines()
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    strings = [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
    ]
    return strings + [token.string for token in tokens if token.type == tokenize.COMMENT]


def test_retired_words_stay_out() -> None:
    files = {str(path.relative_to(ROOT)): path for path in tracked_files() if path.is_file()}
    found = [
        f"{name}: {match.group()} in {text.strip()[:90]!r}"
        for name, path in files.items()
        if path.suffix in SUFFIXES and not name.startswith(OTHERS) and path != Path(__file__)
        for text in texts(path)
        for match in RETIRED.finditer(text)
    ]
    assert not found, "use plain words (CONTRIBUTING.md, style):\n" + "\n".join(found)
