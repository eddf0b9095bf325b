"""A strict HTTP server on 127.0.0.1 that simulates one system.

A subclass answers like the system and calls `refuse` for everything the system would not accept or we
must not send; every refusal fails the test. Faults are queued by path.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

MOST_REQUESTS = 500  # more requests mean a loop


@dataclass
class Asked:
    """One request as the server saw it."""

    method: str
    path: str
    query: str
    params: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


@dataclass
class Answer:
    """What the server sends: `body` is JSON data, text, bytes or None for no body."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False  # announce more bytes than are sent
    reset: bool = False  # close the connection without an answer
    abort: bool = False  # send half of the body, then reset the connection


class Refused(Exception):
    """The client did something the system does not allow."""


@dataclass
class Fault:
    path: str
    skip: int
    answers: list[Answer | Callable[[Asked], Answer | None]]


class StrictServer:
    """Start with `with server.running():`; then `server.url` is its address."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.refusals: list[str] = []
        self.faults: list[Fault] = []
        self.url = ""

    def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError

    def fail(
        self, path: str, *answers: Answer | Callable[[], Answer | None], skip: int = 0
    ) -> None:
        """Answer requests to `path` with these instead, after `skip` good ones. A callable may
        return None: then the request is answered as usual."""
        self.faults.append(Fault(path, skip, list(answers)))

    def count(self, path: str = "") -> int:
        """How many requests contained `path`."""
        return sum(1 for asked in self.asked if path in asked.path)

    @contextmanager
    def running(self) -> Iterator[StrictServer]:
        httpd = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        httpd.daemon_threads = True
        httpd.handle_error = lambda *_: None  # a killed client is expected
        thread = threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{httpd.server_port}"
        try:
            yield self
        finally:
            httpd.shutdown()
            httpd.server_close()

    def respond(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if len(self.asked) > MOST_REQUESTS:
            return self._refuse("too many requests: the client loops")
        fault = self._fault(asked)
        if fault is not None:
            return fault
        try:
            return self.answer(asked)
        except Refused as error:
            return self._refuse(f"{asked.method} {asked.path}?{asked.query}: {error}")

    def _refuse(self, reason: str) -> Answer:
        self.refusals.append(reason)
        return Answer({"error": reason}, 400)

    def _fault(self, asked: Asked) -> Answer | None:
        for fault in self.faults:
            if fault.path not in asked.path or not fault.answers:
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            answer = fault.answers.pop(0)
            return answer(asked) if callable(answer) else answer
        return None


def only(asked: Asked, *allowed: str) -> None:
    """Refuse unknown parameters."""
    unknown = set(asked.params) - set(allowed)
    if unknown:
        raise Refused(f"unknown parameters {sorted(unknown)}")


def need(asked: Asked, **headers: str) -> None:
    """Refuse a request without these headers; `_` means `-`."""
    for name, value in headers.items():
        header = name.replace("_", "-").lower()
        if asked.headers.get(header) != value:
            raise Refused(f"header {header} is {asked.headers.get(header)!r}, not {value!r}")


def _handler(server: StrictServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 20

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            params = dict(parse_qsl(parts.query, keep_blank_values=True))
            asked = Asked(
                self.command,
                # what is expanded is a list of its own
                parts.path + ("?$expand" if "$expand" in params else ""),
                parts.query,
                params,
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(length),
            )
            self._send(server.respond(asked))

        do_GET = do_POST = _serve

        def _send(self, answer: Answer) -> None:
            if answer.reset:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            body = answer.body
            if body is None:
                body = b""
            elif isinstance(body, str):
                body = body.encode()
            elif not isinstance(body, bytes):
                body = json.dumps(body, ensure_ascii=False).encode()
            self.send_response(answer.status)
            headers = {"Content-Type": "application/json", **answer.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            if answer.status != 204:
                self.send_header("Content-Length", str(len(body) + (100 if answer.cut else 0)))
            self.end_headers()
            if answer.abort:
                self._abort(body)
                return
            with suppress(OSError):
                self.wfile.write(body)
            self.close_connection = self.close_connection or answer.cut

        def _abort(self, body: bytes) -> None:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            now = struct.pack("ii", 1, 0)  # no lingering: the peer gets a reset
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
            self.connection.close()
            self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
