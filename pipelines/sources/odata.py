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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
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
# the field of a condition: IsPosted eq …
FILTERED = re.compile(r"\b\w+(?= (?:eq|ne|ge|gt|le|lt) )")
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
    if fields := dict.fromkeys((*select, *also, *wished)):
        fixed["$select"] = ",".join(fields)
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
        one_record={"$top": "1"},
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
        """The endpoint as this service can answer it, in its letters; an unknown entity stays as it
        is (404). A condition on a missing field is left out. Raises ApiError if all are missing."""
        entity = endpoint.path.rpartition("/")[2]
        asked = endpoint.params.get("$select", "").split(",")
        if asked == [""] or not (known := self.fields.get(entity)):
            return endpoint
        filtered = FILTERED.findall(endpoint.params.get("$filter", ""))
        lacking = [name for name in filtered if name.lower() not in known]
        missing = [name for name in asked if name.lower() not in known]
        unwished = [one for one in dict.fromkeys(missing + lacking) if one not in endpoint.wished]
        if unwished and entity not in self.warned:
            self.warned.add(entity)
            click.echo(
                f"WARNING {self.instance.source}/{self.instance.name}: {entity} has no field"
                f" {', '.join(unwished)}: not asked for, so empty in every record"
                f"{' (its condition is left out: all records come)' if lacking else ''}. Add it to"
                " the entity there, or take it out of field_map_match_keys if it is a match key."
            )
        if missing == asked:
            raise ApiError(
                f"{self.session.base_url}/{endpoint.path}: {entity} has none of the fields that are"
                " read; is it another entity of this name?"
            )
        found = ",".join(known[name.lower()] for name in asked if name not in missing)
        since = endpoint.since
        return replace(
            endpoint,
            params=answered({**endpoint.params, "$select": found}, known),
            since=(lambda moment: answered(since(moment), known)) if since else None,
        )

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


def answered(params: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """The parameters with `$filter` in the letters of the service, without a condition on a field
    that it lacks: too many records come, never an error 400 or too few."""
    conditions = [
        FILTERED.sub(lambda name: known[name[0].lower()], one)
        for one in params.get("$filter", "").split(" and ")
        if known.keys() >= {name.lower() for name in FILTERED.findall(one)}
    ]
    rest = {name: value for name, value in params.items() if name != "$filter"}
    return {**rest, **({"$filter": " and ".join(conditions)} if any(conditions) else {})}


def fields_of_metadata(file: Path) -> dict[str, dict[str, str]]:
    """Entity set → its fields, by name in small letters, of an EDMX document read as a stream. A
    type is known by its namespace and name; a set, or a base type, may name it by the alias."""
    types: dict[str, tuple[str, list[str]]] = {}
    sets: dict[str, str] = {}
    spaces: dict[str, str] = {}
    space = ""
    for event, node in ElementTree.iterparse(file, ("start", "end")):
        kind = node.tag.rpartition("}")[2]
        if event == "start":
            if kind == "Schema":
                space = node.get("Namespace", "")
                spaces[node.get("Alias", space)] = space
            continue
        if kind == "EntitySet":
            sets[node.attrib["Name"]] = node.attrib["EntityType"]
        elif kind == "EntityType":
            own = [part.attrib["Name"] for part in node if part.tag.endswith("}Property")]
            types[f"{space}.{node.attrib['Name']}"] = node.get("BaseType", ""), own
        if kind in ("EntityType", "ComplexType", "EnumType", "Action", "Function", "Annotations"):
            node.clear()

    def names_of(kind: str, heirs: tuple[str, ...] = ()) -> list[str]:
        prefix, _, name = kind.rpartition(".")
        full = f"{spaces.get(prefix, prefix)}.{name}"
        base, own = types.get(full, ("", []))
        return [*(names_of(base, (*heirs, full)) if base and full not in heirs else ()), *own]

    return {name: {one.lower(): one for one in names_of(kind)} for name, kind in sets.items()}


def newer_than(field: str, operator: str = "ge") -> Callable[[datetime], str]:
    return lambda moment: f"{field} {operator} {iso_text(moment)}"


def entra_credential(instance: Instance, scope: str, policy: RetryPolicy) -> ClientCredentials:
    """The Entra application of one instance: `tenant`, `client_id` and the secret."""
    authority = instance.url("authority", AUTHORITY)
    url = f"{authority}/{instance.require('tenant')}/oauth2/v2.0/token"
    return client_credentials(instance, url, policy, scope)
