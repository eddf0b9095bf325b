"""`python -m pipelines init <folder> [--extracts <folder>]`: a starter folder for a company.

Each `starter/<file>.sql` reads what is loaded and gives the rows of one file; its comment goes with
them. A file without rows is not written: the project's rules apply.
"""

from importlib.resources import files
from pathlib import Path

import click
import duckdb
from babel.numbers import get_territory_currencies

from pipelines.commands.company import EXTRACTS, SETTINGS
from pipelines.commands.field_map import codes
from pipelines.commands.load import load_live
from pipelines.commands.options import FOLDER, console
from pipelines.duck import literal, reading, sql
from pipelines.load.batches import load_extracts
from pipelines.load.discovery import check_extracts
from pipelines.load.summary import print_load
from pipelines.locking import only_run
from pipelines.settings import FIELD_MAP_SEEDS, InputError, project_vars, shown, warehouse_for
from pipelines.sources.tables import SOURCES

STARTER = Path(__file__).parent / "starter"


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--extracts", type=FOLDER, help="Folder of extract files (default: live systems).")
def command(folder: Path, extracts: Path | None) -> None:
    """Look at your extracts or systems and write a starter folder: settings and field map."""
    if extracts:
        check_extracts(extracts)
    if folder.is_dir() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty; give a new folder, so that nothing is replaced.")
    target, out = warehouse_for(folder), console()
    with only_run(target):
        if extracts:
            print_load(load_extracts(target, extracts.resolve(), out), out)
        else:
            load_live(target, SOURCES)
        written, questions = write_starter(folder, extracts, target.raw)
    for path in written:
        out.print(f"wrote {shown(path.resolve())}", highlight=False)
    out.print("\nQuestions that only you can answer (the files have a proposal for each):")
    for number, question in enumerate(questions, start=1):
        out.print(f"{number}. {question}", highlight=False, markup=False)
    verb = "run" if extracts else "daily"
    out.print(f"\nNext: make {verb} COMPANY={folder}", highlight=False, markup=False)


def write_starter(folder: Path, extracts: Path | None, raw: Path) -> tuple[list[Path], list[str]]:
    """Write the files that the loaded rows need; the files, and the questions. Raises InputError
    without a customer master or orders."""
    with reading(raw) as con:
        _add_facts(con)
        for table, what in (
            ("facts_entities", "customers of an ERP (d365_fo or d365_bc)"),
            ("facts_stores", "orders of a shop"),
        ):
            if not con.execute(f"select 1 from {table} limit 1").fetchone():
                raise InputError(
                    f"{extracts or 'live systems'}: no {what} could be loaded, so there is "
                    "nothing to compare; see above what was read."
                )
        folder.mkdir(parents=True, exist_ok=True)
        paths = sorted(STARTER.glob("field_map_*.sql"))
        written = [path for one in paths if (path := _write_table(con, one, folder))]
        written.append(_write_settings(con, folder, extracts))
        questions = [text for (text,) in con.execute(_sql("questions")).fetchall()]
    return written, questions


def _sql(name: str, **values: object) -> str:
    return sql(f"commands/starter/{name}.sql", **values)


def _add_facts(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create temp table currency_of (country_code text, currency_code text)")
    rows = [
        (code, next(iter(get_territory_currencies(code)), None)) for code in codes("iso_countries")
    ]
    con.executemany("insert into currency_of values (?, ?)", rows)
    known = {name: literal(str(value)) for name, value in project_vars().items()}
    places = {"zones": files("tzdata") / "zoneinfo/zone.tab", "seeds": FIELD_MAP_SEEDS.parent}
    con.execute(_sql("_facts", known=known, **places))


def _comment(name: str) -> str:
    lines = (STARTER / f"{name}.sql").read_text("utf-8").splitlines()
    return "".join(f"#{line[2:]}\n" for line in lines if line.startswith("--"))


def _write_table(con: duckdb.DuckDBPyConnection, query: Path, folder: Path) -> Path | None:
    path = folder / f"{query.stem}.csv"
    (count,) = con.execute(
        f"copy ({_sql(query.stem)}) to {literal(str(path))} (header)"
    ).fetchone() or (0,)
    rows = path.read_text("utf-8")
    path.write_text(_comment(query.stem) + rows, "utf-8")
    if not count:
        path.unlink()
    return path if count else None


def _write_settings(con: duckdb.DuckDBPyConnection, folder: Path, extracts: Path | None) -> Path:
    given = (EXTRACTS, extracts and extracts.resolve(), "the folder of the files that a run loads")
    lines = ([given] if extracts else []) + con.execute(_sql("settings")).fetchall()
    path = folder / SETTINGS
    text = "".join(f"{name}: {value}  # {comment}\n" for name, value, comment in lines)
    path.write_text(f"# dbt variables (the others: dbt_project.yml) and extracts\n{text}", "utf-8")
    return path
