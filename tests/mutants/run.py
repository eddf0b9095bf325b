"""Break each rule once; a test must go red (``make mutants``).

mutants.yml lists the mutants: a file, a text in it, its replacement, the broken rule. Each is applied
to a copy of the project in a scratch folder (one per worker) and checked by:

1. the dbt unit tests of the mutated model (or those under ``models``), on empty relations; for
   Python models, seeds and macros the pytest files under ``pytest``;
2. for survivors, the golden tests of the worked example (``--no-golden`` skips them).

Prints killed / total and every survivor. Exit code 0: all killed; 1: survivors; 2: the list is wrong
(a search text not found or not unique, a mutant that does not run, a test that is red without any
mutant). 159 mutants took 10 minutes on 2 busy cores.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import duckdb
import yaml

ROOT = Path(__file__).parents[2]
COPIED = (
    "models",
    "macros",
    "seeds",
    "samples",
    ".dlt",
    "pipelines",
    "tests",
    "dbt_project.yml",
    "profiles.yml",
    "pyproject.toml",
    "Makefile",
)
GOLDEN = "tests/python/golden/test_worked_example.py"
VARS = "{as_of: '2026-04-12'}"


class ListError(Exception):
    """The list of mutants does not fit the project."""


@dataclass(frozen=True)
class Mutant:
    """One broken rule. `file`: the path of a model, macro or seed from the project's root.

    `models`: models whose unit tests check it; `pytest`: test files that do.
    """

    name: str
    rule: str
    file: str
    search: str
    replace: str
    models: tuple[str, ...] = ()
    pytest: tuple[str, ...] = ()

    @property
    def judges(self) -> tuple[str, ...]:
        """The models whose unit tests run: the named ones, else the mutated model itself."""
        if self.models or self.pytest:
            return self.models
        return (Path(self.file).stem,)


@dataclass
class Verdict:
    """The result of a mutant: killed by `killers`, survived, or not run because of `error`."""

    mutant: Mutant
    killers: list[str] = field(default_factory=list)
    error: str | None = None
    seconds: float = 0.0


def read_mutants(path: Path) -> list[Mutant]:
    """Read the list; raise ListError for an unknown field or a name that is used twice."""
    mutants = []
    for entry in yaml.safe_load(path.read_text()):
        entry["file"] = path_of(entry["file"])
        entry["models"] = tuple(entry.get("models", ()))
        entry["pytest"] = tuple(entry.get("pytest", ()))
        try:
            mutants.append(Mutant(**entry))
        except TypeError as error:
            raise ListError(f"{path.name}: {entry.get('name')}: {error}") from error
    names = [mutant.name for mutant in mutants]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ListError(f"{path.name}: names used twice: {twice}")
    return mutants


def path_of(name: str) -> str:
    """The path of a model, macro or seed, or below pipelines; raise ListError if not found."""
    if name.startswith("pipelines/"):
        return name
    paths = [path for top in ("models", "macros", "seeds") for path in (ROOT / top).rglob(name)]
    if len(paths) != 1:
        raise ListError(f"mutants.yml: {len(paths)} files are called {name}")
    return str(paths[0].relative_to(ROOT))


def found(mutant: Mutant, text: str) -> int:
    """How often the search text occurs in the text; any whitespace matches."""
    return len(re.findall(pattern(mutant), text))


def pattern(mutant: Mutant) -> str:
    """The search text as a regular expression."""
    return r"\s+".join(re.escape(word) for word in mutant.search.split())


def mutated(mutant: Mutant, text: str) -> str:
    """Return the mutated text; raise ListError unless the search text occurs exactly once."""
    if (count := found(mutant, text)) != 1:
        raise ListError(f"{mutant.name}: {mutant.file} has its search text {count} times, not once")
    return re.sub(pattern(mutant), lambda _: mutant.replace.strip(), text)


def check_list(mutants: Iterable[Mutant]) -> None:
    """Raise ListError with every mutant whose search text is missing."""
    wrong = []
    for mutant in mutants:
        path = ROOT / mutant.file
        try:
            if mutated(mutant, path.read_text()) == path.read_text():
                wrong.append(f"{mutant.name}: the replacement changes nothing")
        except ListError as error:
            wrong.append(str(error))
    if wrong:
        raise ListError("\n".join(wrong))


# ---------------------------------------------------------------- one worker with its own copy


class Worker:
    """A copy of the project with an empty warehouse, mutated one mutant at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warehouse = folder / "data" / "worked_example"
        self.warehouse.mkdir(parents=True)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copy(source, folder / name)
        os.chdir(folder)
        os.environ["WAREHOUSE_DIR"] = str(self.warehouse)
        # the golden test builds in a child process with this interpreter
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        self.make_empty_raw()
        self.manifest: Any = None
        self.dbt("build", "--empty", "--exclude", "resource_type:test", "resource_type:unit_test")
        self.manifest = self.invoke("parse").result

    def make_empty_raw(self) -> None:
        """Create raw.duckdb with every declared table, empty."""
        sys.path.insert(0, str(self.folder))
        from pipelines.load.raw import create_tables
        from pipelines.publish.memory import remember
        from pipelines.settings import Warehouse

        remember(Warehouse(self.warehouse))
        with duckdb.connect(str(self.warehouse / "raw.duckdb")) as connection:
            create_tables(connection)

    def invoke(self, *arguments: str) -> Any:
        """Run dbt in this process, with the manifest in memory once parsed."""
        from dbt.cli.main import dbtRunner

        target, logs = str(self.warehouse / "target"), str(self.warehouse / "logs")
        result = dbtRunner(manifest=self.manifest).invoke(
            [
                *("--quiet", "--log-level", "none", *arguments, "--vars", VARS),
                *("--target-path", target, "--log-path", logs),
            ]
        )
        if result.exception is not None:
            raise RuntimeError(str(result.exception))
        return result

    def dbt(self, *arguments: str) -> list[Any]:
        """Return the results of the nodes of one dbt command."""
        return list(self.invoke(*arguments).result.results)

    def change_manifest(self, mutant: Mutant) -> list[tuple[Any, str, str]]:
        """Mutate the parsed project too, which saves a parse per mutant.

        Returns what to restore: (node or macro, attribute, original text).
        """
        changed = []
        holders = [(node, "raw_code") for node in self.manifest.nodes.values()]
        holders += [(macro, "macro_sql") for macro in self.manifest.macros.values()]
        for holder, attribute in holders:
            text = getattr(holder, attribute, "")
            if holder.original_file_path == mutant.file and found(mutant, text):
                changed.append((holder, attribute, text))
                setattr(holder, attribute, mutated(mutant, text))
        return changed

    def red_unit_tests(self, models: Iterable[str]) -> tuple[list[str], int]:
        """Run the unit tests of the models: (names of the red ones, how many ran)."""
        selected = [f"test_type:unit,{model}" for model in models]
        results = self.dbt("test", "--select", *selected)
        broken = [result for result in results if str(result.status) == "error"]
        if broken:
            raise RuntimeError(f"{broken[0].node.name}: {broken[0].message}")
        return [result.node.name for result in results if str(result.status) == "fail"], len(
            results
        )

    def red_pytest(self, files: Iterable[str]) -> list[str]:
        """Run pytest files in a child process and return the red tests."""
        options = ["-q", "-x", "-p", "no:cacheprovider", "--no-header"]
        command = [sys.executable, "-m", "pytest", *options, *files]
        result = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, check=False
        )
        if result.returncode in (0, 5):
            return []
        if result.returncode != 1:
            raise RuntimeError(result.stdout[-2000:] + result.stderr[-2000:])
        red = [
            line.split(" ")[1]
            for line in result.stdout.splitlines()
            if line.startswith(("FAILED tests/", "ERROR tests/"))
        ]
        return red or [result.stdout[-300:]]

    def red_tests(self, mutant: Mutant, golden: bool) -> list[str]:
        """The tests that are red with the mutant: the quick ones, or the worked example."""
        if golden:
            return self.red_pytest([GOLDEN])
        red, count = self.red_unit_tests(mutant.judges) if mutant.judges else ([], 0)
        if mutant.judges and not count:
            raise RuntimeError(f"no unit test covers {', '.join(mutant.judges)}")
        return red or (self.red_pytest(mutant.pytest) if mutant.pytest else [])

    def judge(self, mutant: Mutant, golden: bool) -> Verdict:
        """Apply one mutant, run its checks, revert it."""
        verdict = Verdict(mutant)
        started = time.perf_counter()
        path = self.folder / mutant.file
        original = path.read_text()
        changed = self.change_manifest(mutant)
        try:
            path.write_text(mutated(mutant, original))
            if mutant.judges and not changed:
                raise RuntimeError("its search text is in no model or macro of the manifest")
            verdict.killers = self.red_tests(mutant, golden)
        except (RuntimeError, ListError) as error:
            verdict.error = str(error)
        finally:
            path.write_text(original)
            for holder, attribute, text in changed:
                setattr(holder, attribute, text)
        verdict.seconds = time.perf_counter() - started
        return verdict


_worker: Worker | None = None


def start_worker(scratch: str) -> None:
    """Make this process a worker with its own copy."""
    global _worker
    _worker = Worker(Path(mkdtemp(prefix="worker-", dir=scratch)))


def judge(mutant: Mutant, golden: bool) -> Verdict:
    """Judge one mutant in this process's copy."""
    assert _worker is not None
    return _worker.judge(mutant, golden)


def baseline(mutants: list[Mutant], golden: bool) -> None:
    """Raise ListError with the tests that are red without any mutant."""
    assert _worker is not None
    if golden:
        red = _worker.red_pytest([GOLDEN])
    else:
        models = sorted({model for mutant in mutants for model in mutant.judges})
        files = sorted({name for mutant in mutants for name in mutant.pytest})
        red = _worker.red_unit_tests(models)[0] if models else []
        red += _worker.red_pytest(files) if files else []
    if red:
        raise ListError(f"red without any mutant, fix first: {red}")


def judge_all(pool: ProcessPoolExecutor, mutants: list[Mutant], golden: bool) -> dict[str, Verdict]:
    """Judge mutants by the quick checks or by the worked example; prints a line for each."""
    verdicts: dict[str, Verdict] = {}
    if not mutants:
        return verdicts
    pool.submit(baseline, mutants, golden).result()
    for future in [pool.submit(judge, mutant, golden) for mutant in mutants]:
        verdict = future.result()
        verdicts[verdict.mutant.name] = verdict
        state = "error" if verdict.error else "killed" if verdict.killers else "SURVIVED"
        by = f" by {verdict.killers[0]}" if verdict.killers else ""
        print(f"{len(verdicts):3}/{len(mutants)} {state:8} {verdict.mutant.name}{by}", flush=True)
    return verdicts


# ---------------------------------------------------------------- report


def report(verdicts: list[Verdict], seconds: float) -> int:
    """Print killed / total, the survivors and the errors; return the exit code."""
    survivors = [verdict for verdict in verdicts if not verdict.killers and not verdict.error]
    errors = [verdict for verdict in verdicts if verdict.error]
    killed = len(verdicts) - len(survivors) - len(errors)
    for verdict in survivors:
        print(f"SURVIVED {verdict.mutant.name}: {verdict.mutant.rule} ({verdict.mutant.file})")
    for verdict in errors:
        print(f"NOT RUN  {verdict.mutant.name}: {verdict.error}")
    print(f"Mutants killed: {killed} / {len(verdicts)} in {seconds / 60:.1f} minutes")
    return 2 if errors else 1 if survivors else 0


def main() -> int:
    """Run the mutants named on the command line, or all."""
    parser = argparse.ArgumentParser(description="Break each rule once; a test must go red.")
    parser.add_argument("names", nargs="*", help="names of mutants; none = all")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument(
        "--no-golden", action="store_true", help="skip the worked example as second check"
    )
    parser.add_argument("--json", type=Path, help="also write the verdicts to this file")
    arguments = parser.parse_args()
    started = time.perf_counter()
    scratch = mkdtemp(prefix="mutants-")
    try:
        mutants = read_mutants(Path(__file__).with_name("mutants.yml"))
        if arguments.names:
            mutants = [mutant for mutant in mutants if mutant.name in arguments.names]
        check_list(mutants)
        with ProcessPoolExecutor(
            arguments.workers, initializer=start_worker, initargs=(scratch,)
        ) as pool:
            verdicts = judge_all(pool, mutants, golden=False)
            left = [v.mutant for v in verdicts.values() if not v.killers and not v.error]
            if not arguments.no_golden:
                verdicts |= judge_all(pool, left, golden=True)
    except ListError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if arguments.json:
        rows = [
            {
                "name": v.mutant.name,
                "rule": v.mutant.rule,
                "killers": v.killers,
                "error": v.error,
                "seconds": v.seconds,
            }
            for v in verdicts.values()
        ]
        arguments.json.write_text(json.dumps(rows, indent=2))
    return report(list(verdicts.values()), time.perf_counter() - started)


if __name__ == "__main__":
    sys.exit(main())
