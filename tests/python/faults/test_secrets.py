"""Canaries in place of every secret: in no file, no text column, no output, no command line."""

from __future__ import annotations

import base64
import html
import json
import random
import string
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import duckdb
import psutil
import pytest
from machine_room import Room

from pipelines.settings import Warehouse
from pipelines.sources.http import mask
from tests.python.live import worlds
from tests.python.live.server import Answer, Asked
from tests.python.live.serving import configuring, serving
from tests.python.notify.alert_world import PASSWORD, TOKEN, AlertWorld, Webhook, card

Record = Callable[[str, Any], None]
FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "in a URL": quote,
    "in a form": quote_plus,
    "every sign of a URL": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "in small letters": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON with slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON of letters": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON of codes": lambda text: "".join(f"\\u{ord(sign):04X}" for sign in text),
    "HTML": html.escape,
    "HTML of codes": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
}


def test_every_written_form_is_masked(record_property: Record) -> None:
    dice = random.Random(12)
    signs = string.ascii_letters + string.digits + "+/=&%\"'\\<> äß€~.:;?#"
    count = 500
    record_property("tried", count * len(FORMS))
    for _ in range(count):
        secret = "".join(dice.choice(signs) for _ in range(dice.randrange(6, 40))).strip() + "x"
        for name, written in FORMS.items():
            text = f"before {written(secret)} after"
            assert mask(text, [secret]) == "before *** after", (name, secret)


def basic(asked: Asked) -> list[str]:
    """What a client sent that may be a secret."""
    found = []
    for name, value in asked.headers.items():
        if "auth" in name or "token" in name or "key" in name:
            found += [value, value.split()[-1]]
    return [*found, *asked.form().values()] if asked.method == "POST" else found


def everything(root: Path) -> bytes:
    """Bytes of all files, and the texts of all tables, which may be compressed."""
    texts = [path.read_bytes() for path in root.rglob("*") if path.is_file()]
    for file in root.glob("*.duckdb"):
        with duckdb.connect(str(file), read_only=True) as con:
            columns = con.execute(
                "select schema_name, table_name, column_name from duckdb_columns()"
                " where data_type in ('VARCHAR', 'JSON') and not internal"
            ).fetchall()
            for schema, table, column in columns:
                rows = con.execute(f'select "{column}"::varchar from "{schema}"."{table}"')
                texts += [(text or "").encode() for (text,) in rows.fetchall()]
    return b"\n".join(texts)


def command_lines(found: set[str], is_over: threading.Event) -> None:
    while not is_over.wait(0.05):
        for process in psutil.process_iter(["cmdline"]):
            found.add(" ".join(process.info["cmdline"] or ()))


@pytest.mark.parametrize("written", FORMS)
def test_a_server_that_echoes_secrets(
    written: str, target: Warehouse, tries: Callable[[int, int], int], record_property: Record
) -> None:
    """All seven systems answer with what they were sent, as error and as good answer."""
    if written not in list(FORMS)[: tries(99, 1)]:
        pytest.skip("make faults")
    record_property("tried", 2 * len(worlds.WORLDS))
    lines: set[str] = set()
    is_over = threading.Event()
    watcher = threading.Thread(target=command_lines, args=(lines, is_over))
    with serving() as serve, pytest.MonkeyPatch.context() as monkeypatch:
        configure = configuring(monkeypatch)
        made = [make(serve, configure) for make in worlds.WORLDS.values()]
        canaries = {secret for world in made for secret in world.secrets} | {"entra-secret-token"}

        def echo(asked: Asked) -> Answer:
            text = " ".join(FORMS[written](one) for one in basic(asked))
            return Answer("x" * 280 + text, (403, 200, 500)[len(asked.path) % 3])

        for world in made:
            for server in filter(None, (world.server, world.entra)):
                server.fail("/", *[echo] * 60)
        monkeypatch.setenv("HTTP__ATTEMPTS", "1")
        watcher.start()
        ended = Room(target).run("load", "all")
        is_over.set()
        watcher.join()
        for world in made:
            for server in filter(None, (world.server, world.entra, world.files)):
                server.refusals.clear()
    assert ended.code == 2, ended.output
    assert "Traceback" not in ended.output
    left = everything(target.root) + ended.output.encode() + "\n".join(lines).encode()
    for canary in canaries:
        for form in FORMS.values():
            assert form(canary).encode() not in left, canary
        assert base64.b64encode(canary.encode()) not in left, canary


def test_addresses_of_alerts(
    target: Warehouse, monkeypatch: pytest.MonkeyPatch, record_property: Record
) -> None:
    """A recipient that refuses: its token and password are nowhere."""
    world, hook = AlertWorld(target), Webhook()
    record_property("tried", 2)
    monkeypatch.setenv("NOTIFY_URLS", hook.url)
    monkeypatch.setattr("pipelines.notify.recipients.FIRST_WAIT", 0.01)
    world.publish("2026-04-12", card(state="alert", value=11))
    try:
        good = Room(target).run("notify")
        assert good.code == 0, good.output
        found = everything(target.root) + good.output.encode()
        time.sleep(0)
    finally:
        hook.close()
    for canary in (PASSWORD, TOKEN):
        for form in FORMS.values():
            assert form(canary).encode() not in found
