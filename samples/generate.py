"""Writes the samples and their golden expectations: `python samples/generate.py [--out FOLDER]`.

By default into this repository: `samples/<name>/<source>/<instance>/<resource>.jsonl` and
`tests/python/golden/expected/<name>/{worklist,presence,card_rows}.csv`. The output depends only on
the scenarios in `samples/generator/`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from samples.generator import worked_example
from samples.generator.business_central import files as business_central_files
from samples.generator.files import (
    card_rows_csv,
    extract_files,
    presence_csv,
    worklist_csv,
    write,
)
from samples.generator.sibling_cards import sibling_rows
from samples.generator.worked_example import files as worked_example_files

WINDOW = (worked_example.WINDOW_START, worked_example.WINDOW_END)


def all_files() -> dict[str, str]:
    """Every generated file of the repository: path below its root -> text."""
    files: dict[str, str] = {}
    for name, module in (
        ("worked_example", worked_example_files),
        ("business_central", business_central_files),
    ):
        sample = module.build()
        for path, text in extract_files(sample).items():
            files[f"samples/{name}/{path}"] = text
        expected = f"tests/python/golden/expected/{name}"
        files[f"{expected}/worklist.csv"] = worklist_csv(module.scenarios())
        files[f"{expected}/presence.csv"] = presence_csv(sample, WINDOW)
        files[f"{expected}/card_rows.csv"] = card_rows_csv(sibling_rows(sample, module.siblings()))
    return files


def main() -> None:
    """Parse the arguments and write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=REPOSITORY, help="where to write")
    write(parser.parse_args().out, all_files())


if __name__ == "__main__":
    main()
