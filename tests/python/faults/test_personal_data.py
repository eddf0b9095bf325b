"""Personal data: rights of files, ids that no one can compute, texts of people, and `forget`."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from golden_sample import BuiltSample
from machine_room import IS_WHOLE, Room

from pipelines.commands import doctor
from pipelines.publish.memory import remember
from pipelines.settings import Warehouse
from tests.python.golden.conftest import build_sample, worked_example

__all__ = ["build_sample", "worked_example"]
Record = Callable[[str, Any], None]
DIGESTS = ("md5", "sha1", "sha256", "sha512", "blake2b")
COMMENTS = (
    "select table_name, column_name, comment from duckdb_columns() where not internal order by all"
)
OTHERS = stat.S_IRWXO


@pytest.fixture
def sample(worked_example: BuiltSample, tmp_path: Path) -> Room:
    """A copy of the built sample."""
    shutil.copytree(worked_example.folder, tmp_path / "warehouse", symlinks=True)
    return Room(Warehouse(tmp_path / "warehouse"))


def texts_of(file: Path, schema: str) -> set[str]:
    """Every text of every table of a schema."""
    found: set[str] = set()
    with duckdb.connect(str(file), read_only=True) as con:
        columns = con.execute(
            "select table_name, column_name from duckdb_columns()"
            " where schema_name = ? and data_type = 'VARCHAR'",
            [schema],
        ).fetchall()
        for table, column in columns:
            sql = f'select distinct "{column}" from {schema}."{table}" where "{column}" is not null'
            found |= {text for (text,) in con.execute(sql).fetchall()}
    return found


def people(file: Path) -> Iterator[tuple[str, ...]]:
    """(subject keys, e-mails, names, tax ids) of the build."""
    with duckdb.connect(str(file), read_only=True) as con:
        yield from con.execute(
            "select subject_key, subject_name, company_name, person_name, phone"
            " from intermediate.int_customers"
        ).fetchall()
        yield from con.execute(
            "select emails, tax_ids, customer_name from core.dim_commerce_customers"
        ).fetchall()


def test_no_id_of_schema_cards_is_computed_from_a_person(
    sample: Room, record_property: Record
) -> None:
    """With every digest that a list of people could be run through, plain, lower and upper case."""
    published = texts_of(sample.target.published_marts, "cards")
    known = {value for row in people(sample.target.marts) for value in row if value}
    known |= {part.strip() for value in known for part in value.split(",")}
    known |= {value.rpartition(":")[2] for value in known}
    record_property("tried", len(known) * len(DIGESTS))
    written_by_people = {value for row in people(sample.target.marts) for value in row[1:] if value}
    assert not written_by_people & published, "a name, tax id or phone number"
    emails = {value for value in known if "@" in value}
    assert len(emails) > 50
    assert not {text for text in published if any(one in text.lower() for one in emails)}
    for value in known:
        for form in {value, value.lower(), value.upper()}:
            for name in DIGESTS:
                digest = hashlib.new(name, form.encode()).hexdigest()
                assert digest not in published, (name, form)
                assert digest[:16] not in published, (name, form)


def test_ids_stay_whatever_is_lost(sample: Room) -> None:
    target = sample.target
    salt = (target.published / "salt").read_text()
    assert len(salt) == 32
    for loss in (target.memory, target.published / "salt", target.marts):
        loss.unlink()
        remember(target)
        with duckdb.connect(str(target.memory), read_only=True) as con:
            assert con.execute("select salt from origin").fetchone() == (salt,)
        assert (target.published / "salt").read_text() == salt
    assert stat.S_IMODE((target.published / "salt").stat().st_mode) == 0o600
    files = b"".join(
        path.read_bytes() for path in (target.published / "sets").rglob("*") if path.is_file()
    )
    assert salt.encode() not in files


def test_files_are_for_owner_and_group(sample: Room, record_property: Record) -> None:
    """Of every command, also in a folder that an earlier version left open."""
    root = sample.target.root
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    before = {*root.rglob("*")}
    commands = ("load extracts samples/worked_example", "publish", "report", "export onboarding")
    for words in (*commands, "publish --without-personal-data"):
        ended = sample.run(*words.split())
        assert ended.code == 0, ended.output
    paths = [path for path in root.rglob("*") if path.is_file() and path not in before]
    record_property("tried", len(paths))
    assert len(paths) > 50
    assert not root.stat().st_mode & OTHERS
    assert not [path for path in paths if path.stat().st_mode & OTHERS]
    shutil.rmtree(root / "exports")
    sample.given["WAREHOUSE_UMASK"] = "022"
    assert sample.run("export", "onboarding").code == 0
    assert [path for path in (root / "exports").rglob("*.csv") if path.stat().st_mode & OTHERS]
    sample.given["WAREHOUSE_UMASK"] = "open"
    assert sample.run("cards").code == 2


def test_doctor_warns_of_secrets_that_others_can_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secrets = tmp_path / "secrets.toml"
    secrets.touch()
    monkeypatch.setattr(doctor, "SECRETS", secrets)
    for mode, is_open in ((0o644, True), (0o604, True), (0o640, False), (0o600, False)):
        secrets.chmod(mode)
        doctor.print_doctor(Warehouse(tmp_path), doctor.console())
        assert ("can be read by others" in capsys.readouterr().out) == is_open, oct(mode)


def in_files(root: Path, text: str) -> list[str]:
    """The files with the text, in any letters, or as it is in a URL or JSON."""
    forms = {text, json.dumps(text)[1:-1], text.replace("@", "%40")}
    return sorted(
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path.is_file()
        and any(form.lower().encode() in path.read_bytes().lower() for form in forms)
    )


@pytest.mark.parametrize("by", ["e-mail", "customer id"])
def test_a_person_is_forgotten(sample: Room, by: str, record_property: Record) -> None:
    """In the bytes of every file; the numbers that were published stay, and the next run works."""
    target = sample.target
    assert sample.run("publish", "--without-personal-data").code == 0
    for command in ("export onboarding", "publish", "report"):
        assert sample.run(*command.split()).code == 0
    with duckdb.connect(str(target.published_marts), read_only=True) as con:
        people = con.execute(
            "select customer_id, emails, customer_name from worklist.onboarding_worklist"
            " where segment_code = 'DTC' and emails not like '%,%' and not is_in_dataverse"
            " order by worklist_rank limit 2"  # an id is another one in every warehouse
        ).fetchall()
        cards = con.execute("select card_id, value from cards.card_values order by all").fetchall()
        comments = con.execute(COMMENTS).fetchall()
    number, email, name = people[0]
    log = target.logs / "daily-old.log"
    log.write_text(f"someone printed {email}\n")
    memory = target.notify / "memory.json"
    memory.parent.mkdir(exist_ok=True)
    event = {"trace_id": "t", "card_id": "c", "state": "alert", "title": "t", "body": f"To {email}"}
    memory.write_text(
        json.dumps({"salt": "s", "told": {}, "outbox": [event], "newest_as_of": None,
                    "newest_measured_at": None})
    )  # fmt: skip
    for text in (email, number, name):
        assert in_files(target.root, text), text
    record_property("tried", sum(path.is_file() for path in target.root.rglob("*")))
    ended = sample.run("forget", email.upper() if by == "e-mail" else number)
    assert ended.code == 0, ended.output
    assert "removed" in ended.output
    for text in (email, number, name):
        assert not in_files(target.root, text), text
    assert in_files(target.root, people[1][1]), "no one else is removed"
    assert not sample.left_overs()
    assert sample.run("publish", "--list").code == sample.run("cards").code == 0
    with duckdb.connect(str(target.published_marts), read_only=True) as con:
        kept = con.execute("select card_id, value from cards.card_values order by all").fetchall()
        assert con.execute(COMMENTS).fetchall() == comments
        assert all(text for *_, text in comments)
    assert kept == cards
    assert (target.published / "report.html").exists()
    again = sample.run("forget", email)
    assert again.code == 0, again.output
    if by == "e-mail" and IS_WHOLE:
        ended = sample.run("run", "--extracts", "samples/worked_example", "--as-of", "2026-04-13")
        assert ended.code == 0, ended.output[-3000:]
        assert not in_files(target.root, email)


@pytest.mark.parametrize("who", ["anna", "", "x" * 33])
def test_who_is_an_email_or_an_id(sample: Room, who: str) -> None:
    ended = sample.run("forget", who)
    assert ended.code == 2, ended.output
    assert "neither an e-mail nor a customer id" in ended.output
