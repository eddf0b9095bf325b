"""`python -m pipelines report`: where the page is written, and errors."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from published_world import World, write_published

from pipelines.__main__ import main
from pipelines.report import scripts, write_report
from pipelines.settings import InputError, Warehouse

SMALL = World(history_days=1)


def test_the_command_names_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = write_published(tmp_path / "w", SMALL)
    monkeypatch.setenv("WAREHOUSE_DIR", str(target.root))
    done = CliRunner().invoke(main, ["report"], catch_exceptions=False)
    assert done.exit_code == 0
    page = target.published / "report.html"
    assert str(page) in done.output
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert sorted(path.name for path in target.published.iterdir()) == [
        "manifest.json", "marts.duckdb", "report.html",
    ]  # fmt: skip


def test_the_page_lies_beside_the_file_that_the_link_leads_to(tmp_path: Path) -> None:
    target = write_published(tmp_path / "w", SMALL)
    real = target.published / "sets" / "1"
    real.mkdir(parents=True)
    for name in ("marts.duckdb", "manifest.json"):
        shutil.move(target.published / name, real / name)
        (target.published / name).symlink_to(real / name)
    assert write_report(target) == real / "report.html"


def test_the_set_without_personal_data_has_its_own_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = write_published(tmp_path / "w", SMALL)
    other = write_published(tmp_path / "other", SMALL.but(has_people=False))
    shutil.copytree(other.published, target.published / "without_personal_data")
    monkeypatch.setenv("WAREHOUSE_DIR", str(target.root))
    done = CliRunner().invoke(main, ["report", "--without-personal-data"], catch_exceptions=False)
    assert done.exit_code == 0
    page = target.published / "without_personal_data" / "report.html"
    assert "Customers are left out" in page.read_text("utf-8")
    assert not (target.published / "report.html").exists()


def test_nothing_published(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing is published; run `make run`"):
        write_report(Warehouse(tmp_path))


def test_no_manifest(tmp_path: Path) -> None:
    target = write_published(tmp_path / "w", SMALL)
    (target.published / "manifest.json").unlink()
    with pytest.raises(InputError, match=r"manifest\.json cannot be read; run `make publish`"):
        write_report(target)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("drop table cards.fct_master_guard", "fct_master_guard"),
        ("alter table worklist.onboarding_worklist drop owner", "owner"),
        ("delete from cards.card_values", "has no card"),
    ],
)
def test_a_file_of_another_version_leaves_the_last_page(
    tmp_path: Path, change: str, message: str
) -> None:
    target = write_published(tmp_path / "w", SMALL)
    page = write_report(target)
    before = page.read_bytes()
    with duckdb.connect(str(target.published / "marts.duckdb")) as con:
        con.execute(change)
    with pytest.raises(InputError, match=message):
        write_report(target)
    assert page.read_bytes() == before


def test_another_itables_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts, "EXPORT", scripts.re.compile("no such export (x)"))
    with pytest.raises(InputError, match="make setup"):
        scripts.datatables()
