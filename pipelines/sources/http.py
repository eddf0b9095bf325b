"""The one HTTP session of the live pipelines: retries, throttling, redirects, exact JSON.

All network access goes through this module. A session has one origin (scheme, host, port) and one
credential:

- 408, 429, 5xx, timeouts and broken connections are retried with capped exponential back-off and
  jitter; waits requested by the server (`Retry-After` in seconds or as a date, or the source's own
  header, see `Pause`) are respected. Attempts and seconds per request are limited.
- The credential is set on each attempt (OAuth 1 nonces, tokens that expire while we wait), only on
  requests to the session's origin. A 401 renews it once.
- A redirect or a next link to another origin is an error: the credential never leaves its host.
- Error messages contain no query strings, request bodies or secrets.
"""

import base64
import html
import random
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPResponse
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import simplejson
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError, ContentDecodingError, SSLError, Timeout
from requests.exceptions import ConnectionError as RequestsConnectionError
from tenacity import RetryCallState, Retrying, retry_if_exception, retry_if_result

TRANSIENT_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
TRANSIENT = (Timeout, RequestsConnectionError, ChunkedEncodingError, ContentDecodingError)
BACK_OFF = 0.0
"""A pause of 0: retry with our own back-off, as the server gives no time."""
ERROR_TEXT_LENGTH = 300
CHUNK_BYTES = 1 << 16
DOWNLOAD_MB = 64 << 10
HALF_CHARACTER = re.compile("[\ud800-\udfff]")
JSON_SPACES = re.compile(r"\s+")
NO_CONNECTION = re.compile("NewConnection|NameResolution|ConnectTimeout")


class ApiError(Exception):
    """A request that cannot succeed. `status` is the HTTP status, `code` the API's error code."""

    def __init__(self, message: str, status: int | None = None, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Credential:
    """Signs a prepared request; this one sends nothing, not even a .netrc entry. `secrets` must not
    appear in a message. `renew` fetches a new token and says if there is one."""

    secrets: tuple[str, ...] = ()

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request

    def renew(self) -> bool:
        return False


Pause = Callable[[requests.Response], float | None]
"""Seconds to wait before a retry; BACK_OFF for our own; None: do not retry."""
Check = Callable[[requests.Response], None]
"""Raises ApiError for an error answer with a success status."""


@dataclass(frozen=True)
class RetryPolicy:
    """Seconds. `request_budget` limits one request with its retries, header and body,
    `resource_budget` a resource, `most_megabytes` one unpacked answer. `unreachable`: origins."""

    attempts: int = 8
    first_wait: float = 1.0
    longest_wait: float = 120.0
    request_budget: float = 900.0
    resource_budget: float = 6 * 3600.0
    most_megabytes: int = 256
    connect_timeout: float = 15.0
    read_timeout: float = 180.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = field(default=random.random)
    unreachable: dict[Any, ApiError] = field(default_factory=dict, init=False, compare=False)

    def back_off(self, attempt: int) -> float:
        """1, 2, 4 … seconds, capped; the upper half is random."""
        wait = min(self.longest_wait, self.first_wait * 2 ** (attempt - 1))
        return wait / 2 + wait / 2 * self.jitter()


def loads(text: str | bytes) -> Any:
    """Parse JSON; a number with a fraction or exponent keeps its text (see `dumps`)."""
    return simplejson.loads(text, parse_float=simplejson.RawJSON)


def dumps(value: Any) -> str:
    """One line of JSON; numbers read by `loads` are unchanged."""
    text = simplejson.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if text.isascii() or not HALF_CHARACTER.search(text):
        return str(text)
    return str(simplejson.dumps(value, separators=(",", ":")))


def origin(url: str) -> tuple[str, str, int | None]:
    """(scheme, host, port) of a URL, with the default port filled in."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme.lower(), (parts.hostname or "").lower(), parts.port or default


def safe_url(url: str) -> str:
    """The URL without query string, fragment and user part, for messages."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}{parts.path}"


def retry_after_seconds(value: str | None, now: float | None = None) -> float | None:
    """Seconds of a `Retry-After` header: `5`, `2.0` or an HTTP date. None if it cannot be read."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value).timestamp()
        except (TypeError, ValueError):
            return None
        seconds = moment - (time.time() if now is None else now)
    return seconds if 0 < seconds < float("inf") else None


def standard_pause(response: requests.Response) -> float | None:
    """The pause of an API with status codes and `Retry-After`."""
    if response.status_code not in TRANSIENT_STATUS:
        return None
    return retry_after_seconds(response.headers.get("Retry-After")) or BACK_OFF


def exact_json(response: requests.Response) -> Any:
    """The body as JSON with exact numbers, parsed once. An empty body (204) is an empty list."""
    cached = response.__dict__.get("_exact_json")
    if cached is None:
        if response.status_code == 204 or not response.content:
            cached = []
        else:
            try:
                cached = loads(response.content)
            except (ValueError, RecursionError):
                kind = response.headers.get("Content-Type", "no content type")
                raise ApiError(
                    f"{safe_url(response.url)} answered {response.status_code} with {kind} that"
                    " cannot be read as JSON; is the base URL right, and is there a login page or"
                    " proxy between?",
                    response.status_code,
                ) from None
        response.__dict__["_exact_json"] = cached
    return cached


class HeaderCredential(Credential):
    """A permanent token in one header, or several fixed secret headers."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers
        # an API may echo the token without the scheme before it
        self.secrets = tuple(value.split()[-1] for value in headers.values() if value.strip())

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(self.headers)
        return request


class BasicCredential(HeaderCredential):
    """A user and a password or key, sent with every request."""

    def __init__(self, user: str, key: str) -> None:
        pair = base64.b64encode(f"{user}:{key}".encode()).decode()
        super().__init__({"Authorization": f"Basic {pair}"})
        self.secrets = (*self.secrets, key)


class HttpSession(requests.Session):
    """A `requests` session (dlt's RESTClient takes it as `session`) for one origin. Raises ApiError
    if an answer remains an error, or its host was unreachable. `sink`: the file of a good body."""

    def __init__(
        self,
        base_url: str,
        credential: Credential | None = None,
        policy: RetryPolicy | None = None,
        pause: Pause = standard_pause,
        check: Check | None = None,
        headers: dict[str, str] | None = None,
        sink: Path | None = None,
    ) -> None:
        super().__init__()
        self.base_url = base_url
        self.origin = origin(base_url)
        self.credential = credential or Credential()
        self.policy = policy or RetryPolicy()
        self.pause = pause
        self.check = check
        self.sink = sink
        self.started = 0.0
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(self._seconds_left))
        self.auth = Credential()
        self.headers.update({"Accept": "application/json", **(headers or {})})

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        if origin(request.url or "") != self.origin:
            raise ApiError(
                f"Refused to follow {safe_url(request.url or '')}: it is not on the configured"
                f" host {self.origin[1]}, and the credential must not leave that host."
            )
        if problem := self.policy.unreachable.get(self.origin):
            raise problem
        if not kwargs.get("timeout"):
            kwargs["timeout"] = (self.policy.connect_timeout, self.policy.read_timeout)
        self.started = self.policy.clock()
        retrying = Retrying(
            sleep=self.policy.sleep,
            wait=self._seconds,
            stop=self._exhausted,
            retry=retry_if_exception(
                lambda e: isinstance(e, TRANSIENT) and not isinstance(e, SSLError)
            )
            | retry_if_result(lambda response: self.pause(response) is not None),
            retry_error_callback=lambda state: state.outcome.result(),  # type: ignore[union-attr]
        )
        try:
            response: requests.Response = retrying(self._attempt, request, **kwargs)
        except SSLError as error:
            raise ApiError(
                f"{safe_url(request.url or '')} has no TLS that can be trusted"
                f" ({str(error).rpartition('] ')[2][:100]}); correct the address, or name the"
                " certificates of your proxy in REQUESTS_CA_BUNDLE."
            ) from None
        except requests.RequestException as error:
            if self._seconds_left() <= 0:
                raise ApiError(
                    f"{safe_url(request.url or '')} had no end after"
                    f" {self.policy.request_budget:.0f} s ({type(error).__name__})."
                ) from None
            problem = ApiError(
                f"{request.method} {safe_url(request.url or '')} failed"
                f" {retrying.statistics.get('attempt_number', 1)} times, last with"
                f" {type(error).__name__}; is the host reachable from here?"
            )
            if NO_CONNECTION.search(repr(error)):
                self.policy.unreachable[self.origin] = problem
            raise problem from None
        is_hop = response.is_redirect and not kwargs.get("allow_redirects", True)
        if not is_hop:
            self._require_success(response)
        return response

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """As in requests, but only within the origin and never from POST to GET."""
        target = super().get_redirect_target(resp)
        if target is None:
            return None
        absolute = urljoin(resp.url, target)
        if origin(absolute) != self.origin:
            raise ApiError(
                f"{safe_url(resp.url)} redirects to another host, {safe_url(absolute)}; the"
                " credential was not sent there. If that host is right, configure it as the base"
                " URL.",
                resp.status_code,
            )
        if resp.request.method != "GET" and resp.status_code in (301, 302, 303):
            raise ApiError(
                f"{safe_url(resp.url)} redirects a {resp.request.method} to {safe_url(absolute)};"
                " configure that address as the base URL.",
                resp.status_code,
            )
        return target

    def _attempt(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        response = self._send_signed(request, **kwargs)
        if response.status_code == 401 and self.credential.renew():
            response.close()
            response = self._send_signed(request, **kwargs)
        return response

    def _send_signed(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        is_streamed = bool(kwargs.get("stream"))
        response = super().send(self.credential(request.copy()), **{**kwargs, "stream": True})
        if not is_streamed:
            self._read(response)
        response.json = lambda **_: exact_json(response)  # type: ignore[method-assign]
        return response

    def _read(self, response: requests.Response) -> None:
        """Read the body, unpacked. Raises ApiError if it is too large."""
        is_saved = self.sink is not None and response.ok
        with open(self.sink, "wb") if is_saved else BytesIO() as file:
            for chunk in response.iter_content(CHUNK_BYTES):
                if file.tell() + len(chunk) > self.policy.most_megabytes << 20:
                    response.close()
                    raise ApiError(
                        f"{safe_url(response.url)} sent an answer larger than"
                        f" {self.policy.most_megabytes} MB, unpacked; ask for smaller pages"
                        " (page_size), or raise most_megabytes in [http] of .dlt/config.toml."
                    )
                file.write(chunk)
            response._content = b"" if is_saved else file.getvalue()

    def _seconds(self, state: RetryCallState) -> float:
        """Seconds until the next attempt: at least what the server requests."""
        own = self.policy.back_off(state.attempt_number)
        outcome = state.outcome
        if outcome is None or outcome.failed:
            return own
        asked = self.pause(outcome.result()) or BACK_OFF
        return asked + min(own, 1.0) if asked else own

    def _exhausted(self, state: RetryCallState) -> bool:
        if state.attempt_number >= self.policy.attempts:
            return True
        return self._seconds(state) > self._seconds_left()

    def _seconds_left(self) -> float:
        """Of the budget of this request."""
        return self.started + self.policy.request_budget - self.policy.clock()

    def _require_success(self, response: requests.Response) -> None:
        if response.status_code < 300 and self.check:
            self.check(response)
        if response.status_code >= 300:
            text = mask(JSON_SPACES.sub(" ", response.text).strip(), self.credential.secrets)
            raise ApiError(
                f"{response.request.method} {safe_url(response.url)} answered"
                f" {response.status_code}: {text[:ERROR_TEXT_LENGTH] or 'no explanation'}",
                response.status_code,
            )


class _Timed(RawIOBase):
    """The bytes of an answer. The time-out of a socket is per read, and a server that sends a byte
    at a time ends none: each read has only what is `left` (s). Raises TimeoutError."""

    def __init__(self, answer: RawIOBase, sock: Any, left: Callable[[], float]) -> None:
        self.answer, self.sock, self.left = answer, sock, left
        self.wait = sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self.left()
        if left <= 0:
            raise TimeoutError("timed out")
        self.sock.settimeout(min(self.wait, left))
        return self.answer.readinto(buffer)

    def close(self) -> None:
        self.answer.close()
        super().close()


class _Answer(HTTPResponse):
    def __init__(self, left: Callable[[], float], sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = BufferedReader(_Timed(self.fp.detach(), sock, left))


class _Adapter(HTTPAdapter):
    """Connections with answers, from the first byte of the header, that end in the time `left`."""

    def __init__(self, left: Callable[[], float]) -> None:
        self.left = left
        super().__init__()

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        if pool.ConnectionCls.response_class is HTTPResponse:
            answer = {"response_class": staticmethod(partial(_Answer, self.left))}
            pool.ConnectionCls = type("Connection", (pool.ConnectionCls,), answer)
        return pool


def mask(text: str, secrets: Iterable[str]) -> str:
    """The text with all secrets replaced, each sign as it is or as in a URL, form, JSON or HTML: an
    API may echo them. Mask before a text is cut."""
    for secret in filter(None, secrets):
        text = re.sub("".join(map(_every_form, secret)), "***", text)
    return text


def _every_form(sign: str) -> str:
    in_url = "".join(f"%{byte:02x}" for byte in sign.encode("utf-8", "replace"))
    forms = [rf"(?i:{in_url}|\\u{ord(sign):04x}|&#{ord(sign)};|&#x{ord(sign):x};)"]
    given = {sign, dumps(sign)[1:-1], html.escape(sign), "\\/" if sign == "/" else sign}
    forms += map(re.escape, given | ({"+"} if sign == " " else set()))
    return f"(?:{'|'.join(forms)})"


def download(url: str, target: Path, policy: RetryPolicy) -> None:
    """Save a signed address to a file, without a credential, within the budget, or ApiError."""
    whole = replace(policy, request_budget=policy.resource_budget, most_megabytes=DOWNLOAD_MB)
    HttpSession(url, policy=whole, sink=target).get(url)
