"""Builds two versions of the project on the same worlds and compares their published tables.

`make same BASE=<commit>`: BASE is checked out below data/same and builds every world once (its
results are cached); the working tree builds them too. Every published table of BASE with a reader
(exposure, metric, page, export, printed cards, alert) is compared: columns, types and rows. Exit
code 1 for a difference that is not in tests/same/allowed.csv (table, column or `*`, reason), or for
an entry that allows nothing.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parent))

from cases import ROOT, Case, write_cases

FOLDER = ROOT / "data" / "same"
ALLOWED = Path(__file__).resolve().with_name("allowed.csv")
# of the run, not of the data
VOLATILE = {"measured_at", "checked_at", "load_id", "loaded_at", "read_at", "run_id"}
READERS = ("pipelines",)  # code that names the tables it reads, as schema.table
SHOWN_ROWS = 3
SEEDS = Path("seeds", "field_map")
PIPELINES, DBT = "pipelines", "dbt.cli.main"


@dataclass
class Allowed:
    """The rows of allowed.csv, and which of them were used."""

    rows: set[tuple[str, str]]
    used: set[tuple[str, str]] = field(default_factory=set)

    def covers(self, table: str, column: str) -> bool:
        found = {(table, column), (table, "*")} & self.rows
        self.used |= found
        return bool(found)


def read_allowed() -> Allowed:
    with ALLOWED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    unexplained = [row["table"] for row in rows if not row["why"].strip()]
    if unexplained:
        sys.exit(f"{ALLOWED.name}: {unexplained[0]} has no reason; write why.")
    return Allowed({(row["table"], row["column"]) for row in rows})


def check_out(commit: str) -> tuple[str, Path]:
    """The tree of a commit below data/same; (its short hash, the folder)."""
    done = subprocess.run(
        ["git", "rev-parse", "--short=12", f"{commit}^{{commit}}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        sys.exit(f"BASE={commit} is not a commit of this repository; use one from `git log`.")
    name = done.stdout.strip()
    folder = FOLDER / "base" / name / "project"
    if not folder.is_dir():
        folder.mkdir(parents=True)
        archive = subprocess.Popen(["git", "archive", name], cwd=ROOT, stdout=subprocess.PIPE)
        subprocess.run(["tar", "-x", "-C", str(folder)], stdin=archive.stdout, check=True)
        if archive.wait() != 0:
            sys.exit(f"git archive of {name} failed.")
    return name, folder


def content_of(case: Case, project: Path) -> str:
    """A hash of everything the case reads, with the field-map YAML from `project`."""
    digest = hashlib.sha256(repr((case.days, sorted(case.given.items()))).encode())
    for root in filter(None, (case.extracts, case.field_map)):
        for path in sorted(file for file in root.rglob("*") if file.is_file()):
            read = project / SEEDS / path.name if path.suffix == ".yml" else path
            digest.update(str(path.relative_to(root)).encode() + read.read_bytes())
    return digest.hexdigest()[:12]


def build(project: Path, case: Case, folder: Path) -> dict[str, Path]:
    """Run the case day by day with the code in `project`; return the published file of each day.

    `folder` caches finished results.
    """
    results = {day: folder / f"{day}.duckdb" for day in case.days}
    if (folder / "done").exists():
        return results
    shutil.rmtree(folder, ignore_errors=True)
    warehouse = folder / "warehouse"
    (warehouse / "published").mkdir(parents=True)
    (warehouse / "published" / "salt").write_text("same")  # both trees give the same customer ids
    if case.field_map and not case.is_published:  # rows from the world, YAML from the code
        shutil.copytree(case.field_map, folder / "field_map")
        for path in (project / SEEDS).glob("*.yml"):
            shutil.copy(path, folder / "field_map")
    for day in case.days:
        if case.is_published:
            _call(project, case, day, warehouse, _run_command(case, day))
            result = warehouse / "published" / "marts.duckdb"
        else:
            _call(project, case, day, warehouse, ["load", "extracts", str(case.extracts)])
            _call(project, case, day, warehouse, _models_command(case, day, warehouse), DBT)
            result = warehouse / "warehouse.duckdb"
        shutil.copyfile(result, results[day])
    shutil.copyfile(warehouse / "target" / "manifest.json", folder / "manifest.json")
    shutil.rmtree(warehouse)
    (folder / "done").touch()
    return results


def _run_command(case: Case, day: str) -> list[str]:
    command = ["run", "--extracts", str(case.extracts), "--as-of", day]
    command += ["--field-map", str(case.field_map)] if case.field_map else []
    return command + (["--vars", json.dumps(case.given)] if case.given else [])


def _models_command(case: Case, day: str, warehouse: Path) -> list[str]:
    """All models without tests, as a random field map may break their rules."""
    command = ["build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    command += ["--target-path", str(warehouse / "target"), "--log-path", str(warehouse / "logs")]
    return [*command, "--vars", json.dumps({**case.given, "as_of": day})]


def _call(
    project: Path,
    case: Case,
    day: str,
    warehouse: Path,
    command: list[str],
    module: str = PIPELINES,
) -> None:
    environment = os.environ | {"WAREHOUSE_DIR": str(warehouse)}
    if case.field_map and module == DBT:
        environment["FIELD_MAP_DIR"] = os.path.relpath(warehouse.parent / "field_map", project)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", module, *command],
        cwd=project, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        log = warehouse.parent / f"{day}.log"
        log.write_text(done.stdout + done.stderr, encoding="utf-8")
        sys.exit(f"{case.name} {day}: exit code {done.returncode} in {project}; see {log}")


def tables_with_readers(project: Path, manifest: Path) -> set[str]:
    """The names of the models read by an exposure, a metric or the pipelines."""
    nodes = json.loads(manifest.read_text("utf-8"))
    readers = [*nodes["exposures"].values(), *nodes.get("semantic_models", {}).values()]
    names = {
        parent.split(".")[-1]
        for reader in readers
        for parent in reader["depends_on"]["nodes"]
        if parent.startswith("model.")
    }
    for root in READERS:
        for path in (project / root).rglob("*"):
            if path.suffix in (".py", ".html", ".js", ".sql", ".toml"):
                found = re.findall(r"\b(?:cards|worklist)\.(\w+)", path.read_text("utf-8"))
                names.update(found)
    return names


def compare(base: Path, new: Path, readers: set[str], allowed: Allowed) -> dict[str, list[str]]:
    """Differences between two published files, by table; an empty list if none."""
    differences: dict[str, list[str]] = {}
    with duckdb.connect() as con:
        con.execute(f"attach '{base}' as base (read_only)")
        con.execute(f"attach '{new}' as new (read_only)")
        columns: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        places: dict[tuple[str, str], str] = {}
        for database, schema, table, column, kind in con.execute(
            "select database_name, schema_name, table_name, column_name, data_type "
            "from duckdb_columns() where database_name in ('base', 'new') "
            "and schema_name in ('cards', 'core', 'onboarding', 'worklist') order by column_index"
        ).fetchall():
            places[database, table] = f'{database}.{schema}."{table}"'
            columns[database, table][column] = kind
        for table in sorted(readers & {table for database, table in places if database == "base"}):
            if ("new", table) not in places:
                differences[table] = [] if allowed.covers(table, "*") else ["is gone"]
                continue
            pair = (places["base", table], places["new", table])
            kinds = (columns["base", table], columns["new", table])
            differences[table] = _differences(con, table, pair, kinds, allowed)
    return differences


def _differences(
    con: duckdb.DuckDBPyConnection,
    table: str,
    pair: tuple[str, str],
    kinds: tuple[dict[str, str], dict[str, str]],
    allowed: Allowed,
) -> list[str]:
    """Columns, types and rows of a table on both sides; `pair` are its full names."""
    before, after = kinds
    found, shared = [], []
    for column in [*before, *(column for column in after if column not in before)]:
        if before.get(column) != after.get(column):
            if not allowed.covers(table, column):
                kind = f"{before.get(column, 'not there')} → {after.get(column, 'not there')}"
                found.append(f"{column}: {kind}")
        elif column not in VOLATILE:
            shared.append(column)
    changed = {column for column in shared if _rows(con, pair, [column])}
    kept = [c for c in shared if c not in changed or not allowed.covers(table, c)]
    rows = _rows(con, pair, kept)
    if rows:
        named = [column for column in kept if column in changed]
        found.append(f"rows differ in {', '.join(named) or 'how their columns are combined'}")
        found += [f"  {row}" for row in rows]
    return found


def _rows(con: duckdb.DuckDBPyConnection, pair: tuple[str, str], columns: list[str]) -> list[str]:
    """The first rows that only one side has."""
    listed = ", ".join(f'"{column}"' for column in columns)
    texts = []
    for side, here, there in (("base", *pair), ("new", *reversed(pair))):
        rows = con.execute(
            f"select {listed} from {here} except all select {listed} from {there} "
            f"order by all limit {SHOWN_ROWS}"
        ).fetchall()
        for row in rows:
            filled = {c: v for c, v in zip(columns, row, strict=True) if v is not None}
            texts.append(f"only in {side}: {json.dumps(filled, default=str)}")
    return texts


def main() -> int:
    """Exit code 1 for a difference that is not allowed, or an entry that allows nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True, help="commit to compare with")
    parser.add_argument("--worlds", nargs="*", default=[], help="only cases that begin so")
    wanted = parser.parse_args()
    allowed = read_allowed()
    commit, project = check_out(wanted.base)
    cases = write_cases(FOLDER / "inputs", wanted.worlds)
    new_folder = FOLDER / "new"
    shutil.rmtree(new_folder, ignore_errors=True)
    kept = FOLDER / "base" / commit

    def work(case: Case) -> tuple[Case, dict[str, Path], dict[str, Path], Path]:
        folder = kept / f"{case.name}-{content_of(case, project)}"
        base = build(project, case, folder)
        return case, base, build(ROOT, case, new_folder / case.name), folder / "manifest.json"

    lines: dict[str, list[str]] = defaultdict(list)
    with ThreadPoolExecutor(2) as pool:
        for case, base, new, manifest in pool.map(work, cases):
            readers = tables_with_readers(project, manifest)
            for day in case.days:
                for table, found in compare(base[day], new[day], readers, allowed).items():
                    lines[table] += [f"{case.name} {day}: {line}" for line in found]
            print(f"{case.name}: built and compared", flush=True)
    for table, found in sorted(lines.items()):
        print(f"{table}: {'equal' if not found else f'{len(found)} lines of difference'}")
        for line in found[:12]:
            print(f"    {line}")
    unused = allowed.rows - allowed.used if not wanted.worlds else set()
    for table, column in sorted(unused):
        print(f"allowed.csv: {table}.{column} allows nothing; take it out")
    different = sum(1 for found in lines.values() if found)
    print(f"{len(lines)} tables compared with {commit}, {different} different")
    return 1 if different or unused or not lines else 0


if __name__ == "__main__":
    sys.exit(main())
