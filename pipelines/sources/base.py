"""Shared by all live sources: configuration, endpoints as data, pages, cursors.

A source module has `NAME` and `jobs(instance, policy)`; a job fetches one resource of one
instance, page by page. `pipelines.load.live` runs the jobs and loads their results.
"""

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import dlt
from dlt.common import jsonpath
from dlt.common.configuration.exceptions import ConfigValueCannotBeCoercedException
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.client import PageData
from dlt.sources.helpers.rest_client.paginators import BasePaginator

from pipelines.sources import tables
from pipelines.sources.http import ApiError, HttpSession, RetryPolicy, dumps, safe_url

Record = dict[str, Any]
Page = list[Record]
SAFE_ADDRESSES = ("https://", "http://127.0.0.1:", "http://localhost:")
MOST_EMPTY_PAGES = 100
NAMED = ("paginator", "since", "cursor", "keep", "also")


class ConfigError(Exception):
    """A setting or secret is missing or wrong; the message says where to put it."""


@dataclass(frozen=True)
class Instance:
    """One configured shop, store, tenant or environment: `[sources.<source>.<name>]`."""

    source: str
    name: str

    @property
    def section(self) -> str:
        return f"[sources.{self.source}.{self.name}]"

    def get(self, key: str, kind: type | None = str, default: Any = None) -> Any:
        """A setting of this instance, else of its source, else the default. Raises ConfigError for
        a value that is not a `kind`; without a kind it is returned as is."""
        for path in self._paths(key):
            try:
                value = dlt.config.get(path, kind) if kind else dlt.config.get(path)
            except ConfigValueCannotBeCoercedException:
                raise ConfigError(
                    f"{key} of {self.section} is not a valid {kind.__name__ if kind else 'value'}."
                ) from None
            if value is not None:
                return value
        return default

    def require(self, key: str) -> str:
        value = self.get(key)
        if value in (None, ""):
            raise ConfigError(
                f"{key} is missing for {self.source} instance {self.name}: set it in"
                f" {self.section} of .dlt/config.toml."
            )
        return str(value)

    def base_url(self, default: str | None = None) -> str:
        return self.url("base_url", default or self.get("base_url") or self.require("base_url"))

    def url(self, key: str, default: str) -> str:
        """An address that receives a credential: only https, except on this machine."""
        value = str(self.get(key) or default)
        if not value.startswith(SAFE_ADDRESSES):
            raise ConfigError(
                f"{key} of {self.section} is {value}: a credential is sent only over https."
            )
        return value.rstrip("/")

    def secret(self, key: str) -> str:
        """A mandatory secret. Raises ConfigError, never with a value."""
        value = self.optional_secret(key)
        if not value:
            raise ConfigError(
                f"{key} is missing for {self.source} instance {self.name}: set it in"
                f" {self.section} of .dlt/secrets.toml or in the environment variable"
                f" {self._paths(key)[1].upper().replace('.', '__')}."
            )
        return value

    def optional_secret(self, key: str) -> str | None:
        found = filter(None, map(dlt.secrets.get, self._paths(key)))
        return next(map(str, found), None)

    def start(self) -> datetime | None:
        """`start_date`: records last changed before it are not requested."""
        value = self.get("start_date", None)
        moment = iso_time(value)
        if moment is None and value not in (None, ""):
            raise ConfigError(f"start_date of {self.section} is {value}; write it as 2026-01-31.")
        return moment

    def words(self, key: str) -> list[str]:
        """A list setting; text is split at commas."""
        value = self.get(key, None, [])
        if isinstance(value, str):
            value = value.strip("[]").replace('"', "").replace("'", "").split(",")
        return [str(word).strip() for word in value if str(word).strip()]

    def _paths(self, key: str) -> tuple[str, str, str]:
        source = f"sources.{self.source}"
        plain = self.name.replace("-", "_")
        return f"{source}.{self.name}.{key}", f"{source}.{plain}.{key}", f"{source}.{key}"


def configured_instances(source: str) -> list[Instance]:
    """The instances named in `[sources.<source>] instances`; none is an empty list."""
    return [Instance(source, name) for name in Instance(source, "").words("instances")]


def configured_policy() -> RetryPolicy:
    """How long to try: `[http]` of .dlt/config.toml, e.g. `attempts`, `request_budget` (s)."""
    kinds = {one.name: type(one.default) for one in fields(RetryPolicy)}
    found = {
        name: dlt.config.get(f"http.{name}", kind)
        for name, kind in kinds.items()
        if kind in (int, float)
    }
    return RetryPolicy(**{name: value for name, value in found.items() if value is not None})


@dataclass(frozen=True)
class Cursor:
    """How a resource is fetched incrementally: from the newest `field` seen, as `parse` reads it
    (UTC), minus `overlap`, to include late writes and records changed while paging."""

    field: str
    parse: Callable[[Any], datetime | None]
    overlap: timedelta = timedelta(hours=1)

    def newest(self, page: Page) -> datetime | None:
        names = {name.lower(): name for name in (page[0] if page else ())}
        written = names.get(self.field.lower(), self.field)  # a service may have other letters
        moments = [self.parse(record.get(written)) for record in page]
        return max((moment for moment in moments if moment), default=None)


@dataclass(frozen=True)
class Endpoint:
    """One list of a REST API. `since` gives the parameters for records changed at or after a time.
    `selector`: JSON path of the list. `optional`: may be missing (404) without a module."""

    resource: str
    path: str
    selector: str
    paginator: Callable[[], BasePaginator]
    permission: str
    params: Mapping[str, str] = field(default_factory=dict)
    since: Callable[[datetime], Mapping[str, str]] | None = None
    cursor: Cursor | None = None
    one_record: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False
    keep: Callable[[Record], bool] | None = None
    wished: tuple[str, ...] = ()


def endpoints_of(
    source: str, named: Mapping[str, Any], make: Callable[..., Endpoint] = Endpoint
) -> list[Endpoint]:
    """The lists of `endpoints.toml` of a source. The values of NAMED are keys of `named`."""
    text = (tables.FOLDER / source / "endpoints.toml").read_text("utf-8")
    return [
        make(**{key: named[value] if key in NAMED else value for key, value in one.items()})
        for one in tomllib.loads(text)["endpoints"]
    ]


@dataclass(frozen=True)
class Job:
    """One resource of one instance. `pages(since)` fetches, `probe()` makes one cheap call.
    `extracted_at` is the age of the data, if read from an export."""

    source: str
    instance: str
    resource: str
    endpoint: str
    pages: Callable[[datetime | None], Iterator[Page]]
    probe: Callable[[], str]
    permission: str
    cursor: Cursor | None = None
    start: datetime | None = None
    optional: bool = False
    fingerprint: str = ""
    extracted_at: Callable[[], datetime] | None = None


def rest_jobs(
    instance: Instance,
    session: HttpSession,
    endpoints: Sequence[Endpoint],
    stored_as: str | None = None,
    adapted: Callable[[Endpoint], Endpoint] = lambda endpoint: endpoint,
) -> Iterator[Job]:
    """The jobs of plain REST lists. `stored_as` is the raw instance, if named differently;
    `adapted` is asked, before the first page or probe, how the server can answer a list."""
    for endpoint in endpoints:
        yield Job(
            source=instance.source,
            instance=stored_as or instance.name,
            resource=endpoint.resource,
            endpoint=safe_url(f"{session.base_url}/{endpoint.path}"),
            pages=lambda since, one=endpoint: rest_pages(session, adapted(one), since),
            probe=lambda one=endpoint: _probe(session, adapted(one)),
            permission=endpoint.permission,
            cursor=endpoint.cursor,
            start=instance.start(),
            optional=endpoint.optional,
            fingerprint=fingerprint(session.base_url, endpoint.path, endpoint.params),
        )


def rest_pages(
    session: HttpSession, endpoint: Endpoint, since: datetime | None = None
) -> Iterator[Page]:
    """The pages of one list. Raises ApiError if the server repeats itself or returns no list."""
    params = dict(endpoint.params)
    if since is not None and endpoint.since is not None:
        params |= endpoint.since(since)
    pages = RESTClient(session.base_url, session=session).paginate(
        endpoint.path,
        params=params,
        paginator=endpoint.paginator(),
        data_selector=endpoint.selector,
        hooks={"response": []},
    )
    for page in guarded(pages, endpoint.selector):
        yield list(filter(endpoint.keep, page) if endpoint.keep else page)


def guarded(pages: Iterator[PageData[Record]], selector: str) -> Iterator[PageData[Record]]:
    """The pages. Raises ApiError for no list, a loop, or missing paging fields."""
    seen: set[bytes] = set()
    empty = 0
    try:
        for page in pages:
            require_list(page.response, selector)
            asked = page.response.request
            url = safe_url(asked.url)
            again = f"{url} gave the same next page twice: it would loop."
            _require_new(seen, again, asked.method, asked.url, asked.body)
            empty = 0 if page else empty + 1
            if empty > MOST_EMPTY_PAGES:
                raise ApiError(f"{url} gave {empty} empty pages in a row.")
            if page:
                repeated = f"{url} repeated a page it had sent before."
                _require_new(seen, repeated, len(page), dumps(page[0]), dumps(page[-1]))
            yield page
    except ValueError:
        # the library's message quotes the answer with personal data
        raise ApiError(
            "The answer has missing or wrong paging fields; is the base URL that of the API?"
        ) from None


def require_list(response: Any, selector: str) -> None:
    """Raise if the answer has no list: `{}` must not count as an empty page."""
    found = jsonpath.find_values(selector, response.json())
    if len(found) != 1 or not isinstance(found[0], list):
        raise ApiError(
            f"{safe_url(response.url)} answered {response.status_code} without the list"
            f" {selector}; is the base URL that of the API?",
            response.status_code,
        )


def _require_new(seen: set[bytes], message: str, *parts: Any) -> None:
    """Raise ApiError if the same parts were seen before."""
    known = len(seen)
    seen.add(digest(*parts))
    if len(seen) == known:
        raise ApiError(message)


def digest(*parts: Any) -> bytes:
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).digest()


def fingerprint(*parts: Any) -> str:
    """The fingerprint of a cursor: another address or field list needs a full load."""
    return digest(*parts).hex()[:16]


def declared_fields(source: str, resource: str) -> list[str]:
    """The API fields that the raw table declares, for `$select`."""
    return [column.field for column in tables.BY_NAME[source, resource].columns]


def _probe(session: HttpSession, endpoint: Endpoint) -> str:
    one = replace(endpoint, params={**endpoint.params, **endpoint.one_record})
    next(rest_pages(session, one), None)
    return "ok"


def iso_time(value: Any) -> datetime | None:
    """ISO 8601 with 0 to 9 fraction digits, UTC without a zone; None if it is not a time."""
    return _utc(datetime.fromisoformat, value)


def mail_time(value: Any) -> datetime | None:
    """RFC 2822, `Thu, 09 Apr 2026 14:03:22 +0000`; None if it is not a time."""
    return _utc(parsedate_to_datetime, value)


def unix_time(value: Any) -> datetime | None:
    """Unix seconds; None if it is not a time."""
    return _utc(lambda text: datetime.fromtimestamp(int(text), UTC), value)


def _utc(read: Callable[[str], datetime], value: Any) -> datetime | None:
    try:
        moment = read(str(value))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def iso_text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
