"""Slow and lying servers, through the real source modules of all seven systems.

A list of a source fails; the load ends in time, in one sentence that has no secret, keeps the old
rows and leaves nothing behind. The fault of one server is not sent to another host.
"""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from machine_room import IS_WHOLE

from pipelines.load import live
from pipelines.settings import Warehouse
from pipelines.sources.http import ApiError, HttpSession, RetryPolicy
from tests.python.live import worlds
from tests.python.live.loading import all_rows, load
from tests.python.live.server import Answer, Asked
from tests.python.live.serving import configuring, serving

Record = Callable[[str, Any], None]
BUDGET = 1.0  # seconds of a request
POLICY = RetryPolicy(
    attempts=2, first_wait=0.0, request_budget=BUDGET, resource_budget=6.0, read_timeout=0.5,
    connect_timeout=0.5, most_megabytes=1, jitter=lambda: 0.0,
)  # fmt: skip


class Raw:
    """A server on 127.0.0.1 that sends bytes as it likes. `hits`: its requests."""

    def __init__(self, send: Callable[[socket.socket], None]) -> None:
        self.send, self.hits = send, []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            self.hits.append(connection.recv(65_536))
            self.send(connection)


def dripping(head: bytes, piece: bytes, pause: float = 0.05) -> Callable[[socket.socket], None]:
    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            connection.sendall(piece)
            time.sleep(pause)

    return send


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
RAW: dict[str, Callable[[socket.socket], None]] = {
    "a body byte by byte": dripping(OK + b"Content-Length: 1000000\r\n\r\n", b" "),
    "a header byte by byte": dripping(b"HTTP/1.1 200 OK\r\nX-A: ", b"a"),
    "chunks without end": dripping(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "an answer without end": dripping(OK + b"\r\n", b" " * 65_536, 0.0),
    "silence": lambda _: time.sleep(5),
    "no HTTP": lambda connection: connection.sendall(b"SSH-2.0-OpenSSH\r\n"),
    "a length that is no number": lambda one: one.sendall(OK + b"Content-Length: x\r\n\r\n{"),
    "headers without end": dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: a\r\n", 0.0),
    "another encoding": lambda one: one.sendall(
        OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"
    ),
}


@pytest.mark.parametrize("how", RAW)
def test_bytes_as_a_server_likes(how: str) -> None:
    """The one session of all sources ends within the budget, plus one time-out."""
    server = Raw(RAW[how])
    started = time.monotonic()
    with pytest.raises(ApiError) as caught:
        HttpSession(server.url, policy=POLICY).get(f"{server.url}/a?key=canary").json()
    assert time.monotonic() - started < 2 * BUDGET + 1.5
    assert "canary" not in str(caught.value)
    assert "\n" not in str(caught.value)


# in CI those of one source
SOURCES = [*worlds.WORLDS] if IS_WHOLE else ["dataverse"]
PAD = {"pad": "x" * 3_000_000}


def lies(good: Answer, asked: Asked, how: str, elsewhere: str) -> Answer:
    """What a server answers instead of a page."""
    text = good.body if isinstance(good.body, str | bytes) else __import__("json").dumps(good.body)
    data = text if isinstance(text, bytes) else text.encode()
    secret = asked.headers.get("authorization") or str(asked.headers)
    return {
        "cut JSON": Answer(data[: len(data) // 2]),
        "a body that is cut": Answer(data, cut=True),
        "a login page": Answer("<html>Sign in</html>", headers={"Content-Type": "text/html"}),
        "a large answer": Answer(PAD),
        "an empty answer": Answer(b""),
        "null": Answer("null"),
        "a redirect elsewhere": Answer(status=302, headers={"Location": f"{elsewhere}/x"}),
        "a redirect to a file": Answer(status=302, headers={"Location": "file:///etc/passwd"}),
        "a circle": Answer(status=307, headers={"Location": asked.path}),
        "the token in an error": Answer("x" * 285 + secret, 403),
        "an error of 5 MB": Answer("x" * 5_000_000, 400),
        "bytes that are no text": Answer(b"\xff\xfe\x00" * 50),
        "a reset": Answer(reset=True),
    }[how]


LIES = tuple(
    "cut JSON;a body that is cut;a login page;a large answer;an empty answer;null;a redirect elsewhere;"
    "a redirect to a file;a circle;the token in an error;an error of 5 MB;bytes that are no text;"
    "a reset".split(";")
)


@contextmanager
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Another host, and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://localhost:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("source", SOURCES)
def test_lying_servers(source: str, target: Warehouse, record_property: Record) -> None:
    """Every answer of every list is wrong, in each way; then the server is honest again."""
    ways = LIES if IS_WHOLE else LIES[::6]
    record_property("tried", len(ways))
    with serving() as serve, pytest.MonkeyPatch.context() as monkeypatch, elsewhere() as other:
        world = worlds.WORLDS[source](serve, configuring(monkeypatch))
        honest = replace(POLICY, request_budget=30.0, read_timeout=30.0, most_megabytes=64)
        assert all(one.outcome == "loaded" for one in load(source, target, honest))
        before = all_rows(target, source)
        for how in ways:
            world.server.asked.clear()
            world.server.faults.clear()

            def lie(asked: Asked, how: str = how) -> Answer:
                return lies(Answer({"value": []}), asked, how, other[0])

            world.server.fail("/", *[lie] * 400)
            started = time.monotonic()
            outcomes = live.load_sources([source], True, target, POLICY, echo=lambda _: None)
            assert time.monotonic() - started < 60
            assert any(one.is_failure for one in outcomes), (how, outcomes)
            for one in outcomes:
                assert "unexpected" not in one.message, (how, one.message)
                assert "\n" not in one.message
                for secret in (*world.secrets, "entra-secret-token"):
                    assert secret[:8] not in one.message, (how, one.message)
            assert not other[1], "a credential may have been sent to another host"
            assert all_rows(target, source) == before, how
        world.server.faults.clear()
        world.server.asked.clear()
        for server in (world.server, world.entra, world.files):
            if server:
                server.refusals.clear()
        assert not [one for one in load(source, target, honest, full=True) if one.is_failure]
        assert all_rows(target, source) == before
    assert not [path for path in (target.root / "spool").rglob("*") if path.is_file()]


@pytest.mark.parametrize("source", SOURCES)
def test_a_page_that_repeats_and_a_token_that_expires(source: str, target: Warehouse) -> None:
    with serving() as serve, pytest.MonkeyPatch.context() as monkeypatch:
        world = worlds.WORLDS[source](serve, configuring(monkeypatch))
        first: dict[str, Answer] = {}

        def again(asked: Asked) -> Answer | None:
            name = world.resource_of(asked)
            if name == worlds.METADATA:
                return None
            return first.setdefault(name, world.server.answer(asked))

        if source != "shopify":  # its pages are asked for in the body: test_live_shopify.py
            world.server.fail("/", *[again] * 400)
            policy = replace(POLICY, request_budget=20.0, read_timeout=20.0)
            outcomes = live.load_sources([source], True, target, policy, echo=lambda _: None)
            assert any(one.is_failure for one in outcomes), outcomes
            assert not [one for one in outcomes if "unexpected" in one.message]
        world.server.faults.clear()
        world.server.asked.clear()
        expired = [Answer({"error": "expired"}, 401)]
        if world.entra:
            world.server.fail("/", *expired, skip=3)
        honest = replace(POLICY, request_budget=30.0, read_timeout=30.0)
        outcomes = live.load_sources([source], True, target, honest, echo=lambda _: None)
        assert not [one for one in outcomes if one.is_failure], outcomes
        for server in (world.server, world.entra, world.files):
            if server:
                server.refusals.clear()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Signed by no one."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other.test -keyout"
    done = subprocess.run(
        [*command.split(), str(path), "-out", f"{path}.crt"], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("needs openssl")
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


def test_tls_faults_are_named_and_not_retried(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    hits: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    accept = server.socket.accept

    def counted() -> Any:
        connection, address = accept()
        hits.append(1)
        return context.wrap_socket(
            connection, server_side=True, do_handshake_on_connect=False
        ), address

    server.get_request = counted
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    plain = Raw(lambda connection: connection.sendall(OK + b"Content-Length: 2\r\n\r\n{}"))
    policy = replace(POLICY, attempts=4)
    addresses = {
        f"https://localhost:{server.server_port}": "certificate",
        plain.url.replace("http://", "https://"): "TLS",
    }
    for url, word in addresses.items():
        with pytest.raises(ApiError, match=word):
            HttpSession(url, policy=policy).get(f"{url}/a")
    assert len(hits) == 1
    assert len(plain.hits) == 1
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("source", [*worlds.WORLDS])
def test_a_host_that_cannot_be_reached_is_tried_for_one_list(
    source: str, target: Warehouse
) -> None:
    """Of a shop with ten lists the others would wait as long, without a line."""
    tried: list[object] = []

    def refuse(address: object, *_: object, **__: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    with serving() as serve, pytest.MonkeyPatch.context() as monkeypatch:
        worlds.WORLDS[source](serve, configuring(monkeypatch))
        monkeypatch.setattr("urllib3.util.connection.create_connection", refuse)
        outcomes = live.load_sources([source], True, target, replace(POLICY), echo=lambda _: None)
        assert outcomes and all(one.is_failure for one in outcomes), outcomes
        assert all("is the host reachable from here?" in one.message for one in outcomes)
        assert len(tried) == POLICY.attempts
