"""OData v4 lists (Finance & Operations, Business Central, Dataverse) as endpoints.

The server pages: every answer has `value` and, unless it is the last, `@odata.nextLink` (opaque,
sent back unchanged with the same headers; a relative one starts from the answer's context). The
JSON path of the link must be quoted, else the loader silently reads only page 1.

A field that the service does not have is an error 400 of the whole list, so only fields that its
`$metadata` has are asked for. That document has tens of MB in Finance & Operations: it is read
once per run and instance, as a stream.
"""

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree

import click
import requests
from dlt.sources.helpers.rest_client.paginators import JSONLinkPaginator

from pipelines.sources.base import (
    Cursor,
    Endpoint,
    Instance,
    Job,
    declared_fields,
    iso_text,
    rest_jobs,
)
from pipelines.sources.entra import AUTHORITY, ClientCredentials, client_credentials
from pipelines.sources.http import ApiError, HttpSession, RetryPolicy, safe_url

NEXT_LINK = "'@odata.nextLink'"
CONTEXT = "@odata.context"
METADATA = "$metadata"
SELECTOR = "value"
HEADERS = {"OData-MaxVersion": "4.0", "OData-Version": "4.0"}


class ODataPaginator(JSONLinkPaginator):
    """A relative next link starts from the context of the answer, which is below its root."""

    def __init__(self) -> None:
        super().__init__(next_url_path=NEXT_LINK)

    def update_state(self, response: requests.Response, data: list[Any] | None = None) -> None:
        super().update_state(response, data)
        if self._next_reference:
            base = urljoin(response.url, str(response.json().get(CONTEXT) or ""))
            self._next_reference = urljoin(base, str(self._next_reference))


def odata_endpoint(
    source: str,
    resource: str,
    path: str,
    permission: str,
    select: Sequence[str] | None = None,
    also: Sequence[str] = (),
    wished: Sequence[str] = (),
    filters: Sequence[str] = (),
    params: dict[str, str] | None = None,
    since: Callable[[datetime], str] | None = None,
    cursor: Cursor | None = None,
    optional: bool = False,
) -> Endpoint:
    """One entity set. `since`: the `$filter` for records changed after a time. `select`: by default
    the declared fields; `also`: further ones. That `wished` fields are missing is not said."""
    fixed = dict(params or {})
    select = declared_fields(source, resource) if select is None else select
    fields = list(dict.fromkeys((*select, *also, *wished)))
    one_record = {"$top": "1"}
    if fields:
        fixed["$select"] = ",".join(fields)
        one_record["$select"] = fields[0]
    if filters:
        fixed["$filter"] = " and ".join(filters)

    def changed_since(moment: datetime) -> dict[str, str]:
        assert since is not None
        return {"$filter": " and ".join([*filters, since(moment)])}

    return Endpoint(
        resource=resource,
        path=path,
        selector=SELECTOR,
        paginator=ODataPaginator,
        permission=permission,
        params=fixed,
        since=changed_since if since else None,
        cursor=cursor,
        one_record=one_record,
        optional=optional,
        wished=tuple(wished),
    )


@dataclass
class Service:
    """One service: its lists ask only for fields of its own `$metadata`, below `root`. `warned`:
    the entities with a warning, which comes once for all companies."""

    instance: Instance
    session: HttpSession
    root: str = ""
    warned: set[str] = field(default_factory=set)

    def jobs(self, endpoints: Sequence[Endpoint], stored_as: str | None = None) -> Iterator[Job]:
        yield from rest_jobs(self.instance, self.session, endpoints, stored_as, self.answerable)

    def answerable(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint as this service can answer it; an unknown entity stays as it is (404). Names
        compare without case. A list whose filter needs a missing field comes whole."""
        entity = endpoint.path.rpartition("/")[2]
        asked = endpoint.params.get("$select", "").split(",")
        if asked == [""] or not (known := self.fields.get(entity)):
            return endpoint
        missing = [name for name in asked if name.lower() not in known]
        unwished = [name for name in missing if name not in endpoint.wished]
        if unwished and entity not in self.warned:
            self.warned.add(entity)
            click.echo(
                f"WARNING {self.instance.source}/{self.instance.name}: {entity} has no field"
                f" {', '.join(unwished)}: not asked for, so empty in every record. Add it to the"
                " entity there, or take it out of field_map_match_keys if it is a match key."
            )
        found = ",".join(known[name.lower()] for name in asked if name.lower() in known)
        needed = endpoint.since(datetime.now(UTC))["$filter"] if endpoint.since else ""
        is_filterable = not set(re.findall(r"\w+", needed)) & set(missing)
        params = {**endpoint.params, "$select": found}
        return replace(endpoint, params=params, since=endpoint.since if is_filterable else None)

    @cached_property
    def fields(self) -> dict[str, dict[str, str]]:
        """Entity set → its fields, by name in small letters. Raises ApiError if it has none."""
        own = self.session
        url = f"{own.base_url}/{self.root}{METADATA}"
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "metadata.xml"
            headers = {**HEADERS, "Accept": "application/xml"}
            HttpSession(url, own.credential, own.policy, headers=headers, sink=file).get(url)
            try:
                return fields_of_metadata(file)
            except ElementTree.ParseError:
                raise ApiError(
                    f"{safe_url(url)} is not the XML of a service; is the base URL that of the API?"
                ) from None


def fields_of_metadata(file: Path) -> dict[str, dict[str, str]]:
    """Entity set → its fields, by name in small letters, of an EDMX document read as a stream."""
    types: dict[str, tuple[str, list[str]]] = {}
    sets: dict[str, str] = {}
    for _, node in ElementTree.iterparse(file):
        kind = node.tag.rpartition("}")[2]
        if kind == "EntitySet":
            sets[node.attrib["Name"]] = node.attrib["EntityType"].rpartition(".")[2]
        elif kind == "EntityType":
            own = [part.attrib["Name"] for part in node if part.tag.endswith("}Property")]
            types[node.attrib["Name"]] = node.get("BaseType", "").rpartition(".")[2], own
        if kind in ("EntityType", "ComplexType", "EnumType", "Action", "Function", "Annotations"):
            node.clear()

    def names_of(name: str) -> list[str]:
        base, own = types.get(name, ("", []))
        return [*(names_of(base) if base else ()), *own]

    return {name: {one.lower(): one for one in names_of(kind)} for name, kind in sets.items()}


def newer_than(field: str, operator: str = "ge") -> Callable[[datetime], str]:
    return lambda moment: f"{field} {operator} {iso_text(moment)}"


def entra_credential(instance: Instance, scope: str, policy: RetryPolicy) -> ClientCredentials:
    """The Entra application of one instance: `tenant`, `client_id` and the secret."""
    authority = instance.url("authority", AUTHORITY)
    url = f"{authority}/{instance.require('tenant')}/oauth2/v2.0/token"
    return client_credentials(instance, url, policy, scope)
