"""No six identical lines in two places of models/, macros/ and pipelines/.

Counted are trimmed lines of code, SQL, YAML (unit tests too) and doc blocks, but no blank lines,
lines of comment or punctuation alone, and imports. YAML has its own ways to write it once: an anchor
within a file, a doc block (models/marts/_columns.md) between files.
"""

from __future__ import annotations

import re
from collections import defaultdict

from project_files import ROOT

RUN = 6
FOLDERS = ("models", "macros", "pipelines")
CODE = (".sql", ".py", ".yml", ".md", ".html", ".js", ".css", ".graphql")
# what every file must repeat: imports, comments, and lines of punctuation
IMPORT = re.compile(r"^(?:from [\w.]+ )?import (?:\([^)]*\)|.*)", re.MULTILINE)
SILENT = re.compile(r"\W*|(?:--|#|//).*")


def repeated_runs() -> dict[tuple[str, ...], list[str]]:
    """Runs of RUN lines, ignoring white space and blank lines, that occur in several places."""
    places = defaultdict(list)
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*")):
        if path.suffix not in CODE:
            continue
        text = IMPORT.sub(lambda found: "\n" * found[0].count("\n"), path.read_text("utf-8"))
        numbered = [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1)]
        lines = [(n, line) for n, line in numbered if not SILENT.fullmatch(line)]
        for run in zip(*(lines[start:] for start in range(RUN)), strict=False):
            place = f"{path.relative_to(ROOT)}:{run[0][0]}-{run[-1][0]}"
            places[tuple(line for _, line in run)].append(place)
    return {run: found for run, found in places.items() if len(found) > 1}


def test_nothing_is_written_twice() -> None:
    found = sorted({" ~ ".join(places) for places in repeated_runs().values()})
    assert not found, "write it once:\n" + "\n".join(found)
