"""A published file with contract columns, and servers that receive the alerts."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import threading
from collections.abc import Callable
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import duckdb
import yaml
from aiosmtpd.controller import UnthreadedController
from aiosmtpd.smtp import SMTP, Envelope, Session
from rich.console import Console

from pipelines.notify.outbox import memory_path
from pipelines.notify.send import send_alerts
from pipelines.publish.cards import HEADLINE
from pipelines.settings import PROJECT, Warehouse

FLOWS = "power_automate_flow_failures"
PASSWORD = "p4ssw0rd-of-the-hook"
TOKEN = "t0k3n-in-the-path"
NAME = "Étienne <b>O'Neil</b> [pay](https://evil.test) <!channel> <at>all</at>"
EMAIL = "etienne@oneil-secret.test"
TAX_ID = "US743104577"
YAML_FILES = {
    "card_values": "models/marts/cards/_cards__models.yml",
    "onboarding_worklist": "models/marts/onboarding/_onboarding__models.yml",
}


@cache
def contract(model: str) -> dict[str, str]:
    """Column → type as the model's contract declares them."""
    content = yaml.safe_load((PROJECT / YAML_FILES[model]).read_text("utf-8"))
    declared = next(one for one in content["models"] if one["name"] == model)
    return {column["name"]: column["data_type"] for column in declared["columns"]}


def create(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    """A table with the columns of its contract, and nothing else."""
    columns = contract(table.split(".")[1])
    con.execute(f"create schema if not exists {table.split('.')[0]}")
    con.execute(f"create table {table} ({', '.join(f'{n} {t}' for n, t in columns.items())})")
    for row in rows:
        marks = ", ".join("?" * len(row))
        con.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", [*row.values()])


def card(
    state: str, value: int | None = None, card_id: str = HEADLINE, **others: Any
) -> dict[str, Any]:
    """A row of card_values without its date: by default the headline with threshold 10."""
    return {
        "card_id": card_id,
        "card_order": 1 if card_id == HEADLINE else 2,
        "title": "Customers absent" if card_id == HEADLINE else "Flow failures",
        "unit": "customers" if card_id == HEADLINE else "flow runs",
        "threshold": 10 if card_id == HEADLINE else 0,
        "alert_text": "above 10" if card_id == HEADLINE else "above 0",
        "reporting_currency_code": "USD",
        "state": state,
        "value": value,
        **others,
    }


def dated(row: dict[str, Any], as_of: str) -> dict[str, Any]:
    """With its as-of date and trace id."""
    text = f"{row['card_id']}|{as_of}|{row['state']}"
    return {**row, "as_of_date": as_of, "trace_id": hashlib.md5(text.encode()).hexdigest()}


def customer(rank: int, value: str | None, **others: Any) -> dict[str, Any]:
    """A row of the worklist, with data that must not be sent."""
    return {
        "worklist_rank": rank,
        "customer_id": f"c0ffee{rank}",
        "customer_name": f"{NAME} {rank}",
        "emails": EMAIL,
        "tax_ids": TAX_ID,
        "segment_code": "B2B",
        "expected_legal_entity_id": "ustr",
        "mapping_status": "resolved",
        "blocked_value_reporting": value,
        "reporting_currency_code": "USD",
        **others,
    }


class AlertWorld:
    """One warehouse folder: `publish` after a green run, `stop_at_guard` after a failed guard."""

    def __init__(self, target: Warehouse) -> None:
        self.target = target
        self.target.published.mkdir(parents=True)

    def publish(
        self,
        as_of: str,
        *cards: dict[str, Any],
        worklist: list[dict[str, Any]] | None = None,
        built_at: str | None = None,
    ) -> None:
        rows = [dated(one, as_of) for one in cards]
        self._replace("published/marts.duckdb", rows, worklist or [])
        self._replace("warehouse.duckdb", rows, [])
        manifest = {"run_id": "r", "as_of": as_of, "built_at": built_at or f"{as_of}T20:00:00Z"}
        (self.target.published / "manifest.json").write_text(json.dumps(manifest))

    def stop_at_guard(self, as_of: str, *cards: dict[str, Any]) -> None:
        self._replace("warehouse.duckdb", [dated(one, as_of) for one in cards], [])

    def notify(self) -> tuple[bool, str]:
        """The result of send_alerts and its output."""
        out = io.StringIO()
        return send_alerts(self.target, Console(file=out, width=200)), out.getvalue()

    def outbox(self) -> list[dict[str, Any]]:
        return list(json.loads(memory_path(self.target).read_text("utf-8"))["outbox"])

    def files(self) -> bytes:
        """All files left by the run, except the databases."""
        return b"".join(
            path.name.encode() + path.read_bytes()
            for path in sorted(self.target.root.rglob("*"))
            if path.is_file() and path.suffix != ".duckdb"
        )

    def _replace(
        self, name: str, cards: list[dict[str, Any]], worklist: list[dict[str, Any]]
    ) -> None:
        path = self.target.root / name
        path.unlink(missing_ok=True)
        with duckdb.connect(str(path)) as con:
            create(con, "cards.card_values", cards)
            create(con, "worklist.onboarding_worklist", worklist)


class Webhook:
    """A web server that receives alerts. `answer` gives the status for a request body."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.refused = 0
        self.status = 200
        self.before_answer: Callable[[], None] = lambda: None
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                hook.before_answer()
                if hook.status == 200:
                    hook.bodies.append(body)
                else:
                    hook.refused += 1
                self.send_response(hook.status)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"json://me:{PASSWORD}@127.0.0.1:{self._server.server_port}/{TOKEN}"

    @property
    def titles(self) -> list[str]:
        return [body["title"] for body in self.bodies]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class MailServer:
    """An SMTP server that stores messages; its thread has its own loop, beside that of a browser."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self._loop = asyncio.new_event_loop()
        self._controller = UnthreadedController(self, hostname="127.0.0.1", port=0, loop=self._loop)
        self._is_ready = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        self._is_ready.wait(30)
        self._port = self._controller.server.sockets[0].getsockname()[1]

    def _serve(self) -> None:
        self._controller.begin()
        self._is_ready.set()
        self._loop.run_forever()
        self._controller.end()
        self._loop.close()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.mails.append(BytesParser(policy=default).parsebytes(envelope.content))
        return "250 OK"

    @property
    def url(self) -> str:
        return (
            f"mailto://127.0.0.1:{self._port}?smtp=127.0.0.1&mode=insecure"
            "&from=cards@example.test&to=ar@example.test"
        )

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
