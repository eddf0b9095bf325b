"""Retries, time budgets, redirects and exact numbers, against a server that misbehaves."""

from __future__ import annotations

import gzip
import itertools
import json
import socketserver
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from threading import Thread
from urllib.parse import quote, quote_plus, urljoin

import pytest
import requests

from pipelines.sources.entra import ClientCredentials
from pipelines.sources.http import (
    ApiError,
    HeaderCredential,
    HttpSession,
    RetryPolicy,
    download,
    dumps,
    exact_json,
    loads,
    retry_after_seconds,
)
from tests.python.live.conftest import Clock
from tests.python.live.server import Answer, Asked, StrictServer

SECRET = "very-secret-token"


class Plain(StrictServer):
    """Answer every path with the same response."""

    def answer(self, asked: Asked) -> Answer:
        return Answer({"path": asked.path})


@pytest.fixture
def server(serve: Callable[[StrictServer], StrictServer]) -> StrictServer:
    return serve(Plain())


@pytest.fixture
def session(server: StrictServer, policy: RetryPolicy) -> HttpSession:
    return HttpSession(server.url, HeaderCredential({"X-Token": SECRET}), policy)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_transient_status_is_repeated_with_growing_waits(
    server: StrictServer, session: HttpSession, clock: Clock, status: int
) -> None:
    server.fail("/a", *[Answer(status=status)] * 3)
    assert session.get(f"{server.url}/a").json() == {"path": "/a"}
    assert clock.waits == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 422])
def test_other_errors_are_not_repeated(
    server: StrictServer, session: HttpSession, status: int
) -> None:
    server.fail("/a", Answer({"message": "no"}, status))
    with pytest.raises(ApiError, match=f"answered {status}") as caught:
        session.get(f"{server.url}/a")
    assert caught.value.status == status and server.count() == 1


@pytest.mark.parametrize(("header", "least"), [("7", 7), ("2.0", 2), ("soon", 1), ("-3", 1)])
def test_retry_after_is_waited_for(
    server: StrictServer, session: HttpSession, clock: Clock, header: str, least: float
) -> None:
    server.fail("/a", Answer(status=429, headers={"Retry-After": header}))
    session.get(f"{server.url}/a")
    assert len(clock.waits) == 1 and least <= clock.waits[0] <= least + 1


def test_retry_after_may_be_a_date() -> None:
    now = time.time()
    assert retry_after_seconds(formatdate(now + 30, usegmt=True), now) == pytest.approx(30, abs=1)
    assert retry_after_seconds(formatdate(now - 30, usegmt=True), now) is None


def test_broken_connections_and_cut_bodies_are_repeated(
    server: StrictServer, session: HttpSession
) -> None:
    server.fail("/a", Answer(reset=True), Answer({"path": "x"}, cut=True))
    assert session.get(f"{server.url}/a").json() == {"path": "/a"}
    assert server.count() == 3


def test_a_connection_that_is_reset_in_the_middle_of_a_body_is_repeated(
    server: StrictServer, session: HttpSession, policy: RetryPolicy, tmp_path: Path
) -> None:
    half = Answer("x" * 1_000_000, abort=True)
    server.fail("/a", half)
    assert session.get(f"{server.url}/a").json() == {"path": "/a"}
    server.fail("/file", half)
    download(f"{server.url}/file", tmp_path / "file", policy)
    assert (tmp_path / "file").read_text() == '{"path": "/file"}'
    assert server.count() == 4


def test_a_server_that_does_not_answer_is_asked_again(
    server: StrictServer, policy: RetryPolicy
) -> None:
    session = HttpSession(server.url, policy=replace(policy, read_timeout=0.5))

    def late(_: Asked) -> Answer | None:
        time.sleep(1)
        return Answer({"late": True})

    server.fail("/a", late)
    assert session.get(f"{server.url}/a").json() == {"path": "/a"}


def test_a_body_without_end_is_given_up(server: StrictServer, policy: RetryPolicy) -> None:
    ticks = itertools.count(0, 500)
    session = HttpSession(server.url, policy=replace(policy, clock=lambda: next(ticks)))
    server.fail("/a", *[Answer("x" * 1_000_000)] * 9)
    with pytest.raises(ApiError, match="no end after 900 s"):
        session.get(f"{server.url}/a")


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
TRICKLES = {  # what comes at once, and the piece that then comes again and again
    "nothing": (b"", b""),
    "status line": (b"HTTP/1.1 20", b"0"),
    "header": (HEAD + b"X-Slow: ", b"x"),
    "headers": (HEAD, b"X-Slow: x\r\n"),
    "body of a length": (HEAD + b"Content-Length: 1000000\r\n\r\n", b" "),
    "chunked body": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "body without a length": (HEAD + b"\r\n", b" "),
}


@contextmanager
def slow_server(start: bytes, piece: bytes) -> Iterator[str]:
    """A server whose every answer comes a piece at a time, without end: its address."""

    class Slow(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            with suppress(OSError):
                self.request.sendall(start)
                while True:
                    time.sleep(0.05)
                    self.request.sendall(piece)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Slow) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize("part", TRICKLES)
def test_an_answer_a_byte_at_a_time_ends_with_the_budget(part: str, tmp_path: Path) -> None:
    """The time-out of a socket is per read: no read of such a server is slow."""
    short = RetryPolicy(request_budget=0.5, resource_budget=0.5, first_wait=0.01, read_timeout=5)
    with slow_server(*TRICKLES[part]) as url:
        started = time.monotonic()
        with pytest.raises(ApiError, match="had no end after"):
            HttpSession(url, policy=short).get(f"{url}/a")
        with pytest.raises(ApiError, match="had no end after"):
            download(f"{url}/file", tmp_path / "file", short)
        assert time.monotonic() - started < 4


def test_an_answer_that_unpacks_to_more_than_the_limit_is_an_error(
    server: StrictServer, policy: RetryPolicy, tmp_path: Path
) -> None:
    packed = gzip.compress(b" " * (3 << 20) + b"{}")
    assert len(packed) < 10_000
    bomb = Answer(packed, headers={"Content-Encoding": "gzip"})
    server.fail("/a", bomb, bomb, bomb)
    small = replace(policy, most_megabytes=2)
    for sink in (None, tmp_path / "file"):
        with pytest.raises(ApiError, match="/a sent an answer larger than 2 MB, unpacked; ask for"):
            HttpSession(server.url, policy=small, sink=sink).get(f"{server.url}/a")
    assert HttpSession(server.url, policy=policy).get(f"{server.url}/a").json() == {}
    assert server.count() == 3, "it is not asked for again"


def test_attempts_are_bounded(server: StrictServer, session: HttpSession) -> None:
    server.fail("/a", *[Answer("down", 503)] * 50)
    with pytest.raises(ApiError, match="answered 503"):
        session.get(f"{server.url}/a")
    assert server.count() == 5


def test_a_wait_longer_than_the_budget_ends_the_request_at_once(
    server: StrictServer, session: HttpSession, clock: Clock
) -> None:
    server.fail("/a", Answer("busy", 429, {"Retry-After": "86400"}))
    with pytest.raises(ApiError, match="answered 429"):
        session.get(f"{server.url}/a")
    assert clock.waits == []


def test_back_off_is_capped_and_has_jitter() -> None:
    policy = RetryPolicy(first_wait=1, longest_wait=10)
    waits = [policy.back_off(20) for _ in range(50)]
    assert all(5 <= wait <= 10 for wait in waits) and len(set(waits)) > 10


def test_an_unreachable_host_is_one_sentence(policy: RetryPolicy) -> None:
    session = HttpSession("http://127.0.0.1:9", HeaderCredential({"X-Token": SECRET}), policy)
    with pytest.raises(ApiError, match="failed 5 times") as caught:
        session.get("http://127.0.0.1:9/a?key=secret-in-query")
    assert "secret-in-query" not in str(caught.value)


def test_redirect_to_another_host_gets_no_token(
    server: StrictServer,
    session: HttpSession,
    serve: Callable[[StrictServer], StrictServer],
) -> None:
    other = serve(Plain())
    server.fail("/a", Answer(status=302, headers={"Location": f"{other.url}/steal"}))
    with pytest.raises(ApiError, match="redirects to another host"):
        session.get(f"{server.url}/a")
    assert other.count() == 0


def redirect(address: str, target: str, status: int = 302) -> requests.Response:
    """A redirect response."""
    response = requests.Response()
    response.status_code, response.url = status, address
    response.headers["Location"] = target
    response.request = requests.Request("GET", address).prepare()
    return response


@pytest.mark.parametrize(
    "target",
    [
        "http://shop.test/a",
        "https://shop.test:8443/a",
        "https://api.shop.test/a",
        "//evil.test/a",
        "https://shop.test@evil.test/a",
    ],
)
def test_redirect_out_of_the_origin_is_refused(target: str) -> None:
    """Also to the same host without encryption, another port, or another name."""
    session = HttpSession("https://shop.test", HeaderCredential({"X-Token": SECRET}))
    with pytest.raises(ApiError, match="redirects to another host"):
        session.get_redirect_target(redirect("https://shop.test/a", target))
    with pytest.raises(ApiError, match="must not leave"):
        session.get(urljoin("https://shop.test/a", target))


def test_redirect_to_the_same_origin_in_other_words_is_allowed() -> None:
    session = HttpSession("https://shop.test")
    for target in ("/b", "https://SHOP.test:443/b"):
        assert session.get_redirect_target(redirect("https://shop.test/a", target)) == target


@pytest.mark.parametrize("status", [302, 307, 308])
def test_a_token_endpoint_that_redirects_gets_no_secret_elsewhere(
    server: StrictServer,
    policy: RetryPolicy,
    serve: Callable[[StrictServer], StrictServer],
    status: int,
) -> None:
    other = serve(Plain())
    server.fail("/token", Answer(status=status, headers={"Location": f"{other.url}/token"}))
    form = {"client_id": "app", "client_secret": SECRET}
    credential = ClientCredentials("[sources.x.y]", f"{server.url}/token", form, policy)
    with pytest.raises(ApiError, match="redirects to another host"):
        credential.fetch()
    assert other.count() == 0


def test_redirect_within_the_host_is_followed(server: StrictServer, session: HttpSession) -> None:
    server.fail("/a", Answer(status=307, headers={"Location": "/b"}))
    assert session.get(f"{server.url}/a").json() == {"path": "/b"}
    assert all(asked.headers["x-token"] == SECRET for asked in server.asked)


def test_redirects_in_a_circle_end(server: StrictServer, session: HttpSession) -> None:
    server.fail("/a", *[Answer(status=302, headers={"Location": "/a"})] * 100)
    with pytest.raises(ApiError, match="TooManyRedirects"):
        session.get(f"{server.url}/a")


def test_a_redirected_post_is_not_turned_into_a_get(
    server: StrictServer, session: HttpSession
) -> None:
    server.fail("/a", Answer(status=301, headers={"Location": "/b"}))
    with pytest.raises(ApiError, match="redirects a POST"):
        session.post(f"{server.url}/a", json={})
    assert server.count("/b") == 0


def test_a_next_link_to_another_host_is_refused(
    session: HttpSession, serve: Callable[[StrictServer], StrictServer]
) -> None:
    other = serve(Plain())
    with pytest.raises(ApiError, match="must not leave"):
        session.get(f"{other.url}/next")
    assert other.count() == 0


def test_secrets_do_not_get_into_messages(server: StrictServer, session: HttpSession) -> None:
    server.fail("/a", Answer({"echo": f"bad token {SECRET}"}, 403))
    with pytest.raises(ApiError) as caught:
        session.get(f"{server.url}/a?signature=abc")
    assert SECRET not in str(caught.value) and "signature" not in str(caught.value)


def test_a_token_that_is_echoed_without_its_scheme_is_masked(
    server: StrictServer, policy: RetryPolicy
) -> None:
    credential = HeaderCredential({"Authorization": f"Bearer {SECRET}"})
    server.fail("/a", Answer({"echo": f"bad token {SECRET}"}, 403))
    with pytest.raises(ApiError, match=r"bad token \*\*\*"):
        HttpSession(server.url, credential, policy).get(f"{server.url}/a")


@pytest.mark.parametrize(
    "written", [quote, quote_plus, lambda secret: json.dumps(secret)[1:-1], str]
)
def test_a_secret_is_masked_in_every_form_before_the_text_is_cut(
    server: StrictServer, policy: RetryPolicy, written: Callable[[str], str]
) -> None:
    secret = 'se+cr/et="x" \\y'
    credential = HeaderCredential({"Authorization": secret})
    credential.secrets = (secret,)
    server.fail("/a", Answer("x" * 292 + written(secret), 403))
    with pytest.raises(ApiError) as caught:
        HttpSession(server.url, credential, policy).get(f"{server.url}/a")
    assert str(caught.value).endswith("x***")


def test_a_login_page_is_no_answer(server: StrictServer, session: HttpSession) -> None:
    for body in ("<html>Sign in</html>", "[" * 100_000):
        server.fail("/a", Answer(body, headers={"Content-Type": "text/html"}))
        with pytest.raises(ApiError, match="text/html that cannot be read as JSON"):
            exact_json(session.get(f"{server.url}/a"))


def test_numbers_keep_their_text() -> None:
    text = '{"a":118.40,"b":1E+2,"c":-0.0,"d":12345678901234567890123,"e":0.1000000000000000055}'
    assert dumps(loads(text)) == text


def test_half_characters_do_not_break_the_spool() -> None:
    assert dumps(loads('{"a":"\\ud83d"}')).encode() == b'{"a":"\\ud83d"}'


def test_a_broken_download_starts_again(
    server: StrictServer, policy: RetryPolicy, tmp_path: Path
) -> None:
    server.fail("/file", Answer("half", cut=True))
    download(f"{server.url}/file?signature=1", tmp_path / "f", policy)
    assert (tmp_path / "f").read_text() == '{"path": "/file"}'
    server.fail("/file", *[Answer("half", cut=True)] * 9)
    with pytest.raises(ApiError) as caught:
        download(f"{server.url}/file?signature=1", tmp_path / "f", policy)
    assert "signature" not in str(caught.value)


def test_a_download_without_end_is_given_up(
    server: StrictServer, policy: RetryPolicy, tmp_path: Path
) -> None:
    ticks = itertools.count(0, 500)
    short = replace(policy, clock=lambda: next(ticks), resource_budget=2000)
    server.fail("/file", Answer("x" * 1_000_000))
    with pytest.raises(ApiError, match="no end after 2000 s"):
        download(f"{server.url}/file?signature=1", tmp_path / "f", short)
    assert server.count() == 1
