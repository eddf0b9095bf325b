"""Strict servers of the seven systems, behaving as documented."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from graphql import build_schema, graphql_sync, parse, validate

from pipelines.sources.base import iso_time, mail_time, unix_time
from pipelines.sources.tables import BY_NAME
from tests.python.live.server import Answer, Asked, Refused, StrictServer, need, only

SDL = Path(__file__).with_name("shopify.graphql")
SINCE = re.compile(r".*# since (\d{4}-\d{2})\n")
Record = dict[str, Any]


# Shopify


def schema_of(version: str, sparse: bool = False) -> Any:
    """The schema of that version; `sparse`: any field may be null."""
    text = SINCE.sub(lambda line: line[0] if line[1] <= version else "", SDL.read_text())
    return build_schema(text.replace("!", "") if sparse else text)


class FileServer(StrictServer):
    """Storage of bulk results: a signed address that must not receive a credential."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, bytes] = {}

    def answer(self, asked: Asked) -> Answer:
        if {"x-shopify-access-token", "authorization", "cookie"} & set(asked.headers):
            raise Refused("a credential was sent to the file host")
        if asked.params.get("signature") != "s3cr3t-signature":
            raise Refused("the signed address was changed")
        return Answer(self.files[asked.path], headers={"Content-Type": "application/jsonl"})


CONNECTIONS = {
    "orders": "orders",
    "customers": "customers",
    "companyLocations": "company_locations",
    "draftOrders": "draft_orders",
}
QUOTED_TIME = re.compile(r"updated_at:>='(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)'")


class ShopifyServer(StrictServer):
    """Runs the queries with graphql-core against the records; costs points; runs bulk jobs."""

    token = "shpat_0123456789"
    client: ClassVar = {"client_id": "app", "client_secret": "shopify-app-secret"}

    def __init__(
        self,
        records: dict[str, list[Record]],
        files: FileServer,
        version: str,
        sparse: bool = False,
    ) -> None:
        """`sparse` records may lack fields, which are sent as null."""
        super().__init__()
        self.records = records
        self.files = files
        self.version = version
        self.schema = schema_of(version)
        self.run_schema = schema_of(version, sparse)
        self.tokens = {self.token}
        self.token_requests = 0
        self.scopes = ["read_orders", "read_customers", "read_companies", "read_draft_orders"]
        self.points = 1000.0
        self.restore_rate = 100.0
        self.cost_of_a_row = 1
        self.deepest_row = 25_000
        self.clock: Callable[[], float] = lambda: 0.0
        self.clocked = 0.0
        self.bulk: dict[str, Record] = {}
        self.others_running = 0  # other bulk operations that end while we poll
        self.bulk_statuses = ["CREATED", "RUNNING", "COMPLETED"]
        self.bulk_end: Record = {}
        self.bulk_lines: Callable[[list[Record]], list[str]] = lambda nodes: [
            json.dumps(node, ensure_ascii=False) for node in nodes
        ]

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/admin/oauth/access_token":
            return self._token(asked)
        if asked.path != f"/admin/api/{self.version}/graphql.json" or asked.method != "POST":
            raise Refused("unknown address")
        if "authorization" in asked.headers:
            raise Refused("Shopify takes no Authorization header")
        if asked.headers.get("x-shopify-access-token") not in self.tokens:
            return Answer({"errors": "[API] Invalid API key or access token"}, 401)
        body = asked.json()
        problems = validate(self.schema, parse(body["query"]))
        if problems:
            raise Refused(f"query: {problems[0].message}")
        if "Page(" in body["query"]:
            return self._page(body)
        return self._run(body)

    def _token(self, asked: Asked) -> Answer:
        if asked.form() != {"grant_type": "client_credentials", **self.client}:
            return Answer({"error": "application_cannot_be_found"}, 400)
        self.token_requests += 1
        token = f"24h-token-{self.token_requests}"
        self.tokens = {token}
        return Answer({"access_token": token, "scope": "read_orders", "expires_in": 86399})

    def _page(self, body: Record) -> Answer:
        first = body["variables"]["first"]
        if not 1 <= first <= 250:
            raise Refused(f"first is {first}")
        cost = 2 + first * self.cost_of_a_row
        now = self.clock()
        self.points = min(1000.0, self.points + (now - self.clocked) * self.restore_rate)
        self.clocked = now
        if cost > 1000:
            return _graphql_error("MAX_COST_EXCEEDED", f"Query cost is {cost}")
        if cost > self.points:
            return self._with_cost(_graphql_error("THROTTLED", "Throttled"), cost)
        self.points -= cost
        return self._with_cost(self._run(body), cost)

    def _with_cost(self, answer: Answer, cost: float) -> Answer:
        status = {
            "maximumAvailable": 1000.0,
            "currentlyAvailable": self.points,
            "restoreRate": self.restore_rate,
        }
        answer.body["extensions"] = {"cost": {"requestedQueryCost": cost, "throttleStatus": status}}
        return answer

    def _run(self, body: Record) -> Answer:
        root = {name: self._connection(name) for name in CONNECTIONS}
        root["currentAppInstallation"] = {"accessScopes": [{"handle": s} for s in self.scopes]}
        root["bulkOperationRunQuery"] = self._start_bulk
        root["bulkOperation"] = lambda _, id: self._poll(id)
        root["currentBulkOperation"] = lambda _: self._poll(next(reversed(self.bulk), None))
        result = graphql_sync(
            self.run_schema, body["query"], root_value=root, variable_values=body.get("variables")
        )
        if result.errors:
            raise Refused(f"query failed: {result.errors[0].message}")
        return Answer({"data": result.data})

    def _connection(self, name: str) -> Callable[..., Record]:
        def resolve(_: Any, **arguments: Any) -> Record:
            nodes = self._matching(name, arguments.get("query"))
            if arguments.get("sortKey") == "UPDATED_AT":
                nodes = sorted(nodes, key=lambda node: node["updatedAt"])
            start = int(arguments.get("after") or 0)
            end = start + (arguments.get("first") or len(nodes))
            if end > self.deepest_row + (arguments.get("first") or 0):
                raise Refused("deeper than the search goes")
            page = nodes[start:end]
            return {
                "nodes": page,
                "edges": [{"node": node} for node in page],
                "pageInfo": {
                    "hasNextPage": end < len(nodes),
                    "endCursor": str(end) if page else None,
                },
            }

        return resolve

    def _matching(self, name: str, query: str | None) -> list[Record]:
        nodes = self.records[CONNECTIONS[name]]
        if query is None:
            return nodes
        quoted = QUOTED_TIME.fullmatch(query)
        if not quoted:
            raise Refused(f"search {query!r} has no quoted time")
        return [node for node in nodes if node["updatedAt"] >= quoted[1]]

    def _start_bulk(self, _: Any, query: str, groupObjects: bool) -> Record:
        if groupObjects is not False:
            raise Refused("groupObjects must be said")
        problems = validate(self.schema, parse(query))
        if problems or "pageInfo" in query or "first:" in query:
            raise Refused(f"bulk query: {problems}")
        if self.others_running >= (1 if self.version < "2026-01" else 5):
            self.others_running -= 1
            error = {"code": "OPERATION_IN_PROGRESS", "message": "already in progress"}
            return {"bulkOperation": None, "userErrors": [error]}
        root = {name: self._connection(name) for name in CONNECTIONS}
        result = graphql_sync(self.run_schema, query, root_value=root)
        nodes = [edge["node"] for edge in next(iter(result.data.values()))["edges"]]
        lines = self.bulk_lines(nodes)
        identifier = f"gid://shopify/BulkOperation/{len(self.bulk) + 1}"
        path = f"/bulk/{len(self.bulk) + 1}.jsonl"
        self.files.files[path] = "\n".join([*lines, ""]).encode()
        self.bulk[identifier] = {
            "id": identifier,
            "statuses": list(self.bulk_statuses),
            "errorCode": None,
            "objectCount": str(len(lines)),
            "url": f"{self.files.url}{path}?signature=s3cr3t-signature" if lines else None,
            **self.bulk_end,
        }
        return {"bulkOperation": {"id": identifier, "status": "CREATED"}, "userErrors": []}

    def _poll(self, identifier: str | None) -> Record | None:
        operation = self.bulk.get(identifier or "")
        if operation is None:
            return None
        statuses = operation["statuses"]
        status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
        done = status == "COMPLETED"
        return {**operation, "status": status, "url": operation["url"] if done else None}


def _graphql_error(code: str, message: str) -> Answer:
    return Answer({"errors": [{"message": message, "extensions": {"code": code}}]})


# BigCommerce


class BigCommerceServer(StrictServer):
    """V2 orders, V3 customers and B2B Edition under /b2b. `most_rows` is a smaller page limit."""

    token = "bigcommerce-secret-token"
    store = "abc123"

    def __init__(self, records: dict[str, list[Record]]) -> None:
        super().__init__()
        self.records = records
        self.most_rows = 250
        self.forbidden: set[str] = set()

    def answer(self, asked: Asked) -> Answer:
        need(asked, X_Auth_Token=self.token, Accept="application/json")
        if asked.path in self.forbidden:
            return Answer({"status": 403, "title": "You don't have a required scope"}, 403)
        if asked.path.startswith("/b2b/"):
            need(asked, X_Store_Hash=self.store)
            return self._b2b(asked)
        root = f"/stores/{self.store}/"
        if asked.path == f"{root}v2/orders":
            return self._orders(asked)
        if asked.path == f"{root}v3/customers":
            return self._customers(asked)
        if asked.path == f"{root}v3/customers/attribute-values":
            return self._attribute_values(asked)
        raise Refused("unknown address")

    def _orders(self, asked: Asked) -> Answer:
        only(
            asked,
            *("page", "limit", "sort", "include", "consignment_structure", "min_date_modified"),
        )
        rows = self._changed("orders", asked.params.get("min_date_modified"), mail_time)
        if asked.params.get("sort") != "id:asc":
            raise Refused("orders are not sorted by id")
        with_addresses = asked.params.get("include") == "consignments"
        if not with_addresses or asked.params.get("consignment_structure") != "object":
            raise Refused("orders without consignments")
        rows = self._slice(asked, sorted(rows, key=lambda row: row["id"]))
        return Answer(rows) if rows else Answer(None, 204)

    def _customers(self, asked: Asked) -> Answer:
        only(asked, "page", "limit", "sort", "include", "date_modified:min")
        if asked.params.get("sort") != "date_created:asc":
            raise Refused("customers are not sorted")
        rows = self._changed("customers", asked.params.get("date_modified:min"), iso_time)
        parts = asked.params.get("include", "").split(",")
        if sorted(parts) != ["addresses", "attributes", "formfields"]:
            raise Refused("include is not complete")
        cut = [{**row, "attributes": row["attributes"][:10]} for row in rows]
        return self._v3(asked, cut)

    def _attribute_values(self, asked: Asked) -> Answer:
        only(asked, "page", "limit", "customer_id:in")
        wanted = int(asked.params["customer_id:in"])
        rows = [row for row in self.records["customers"] if row["id"] == wanted]
        return self._v3(asked, rows[0]["attributes"])

    def _v3(self, asked: Asked, rows: list[Record]) -> Answer:
        limit = min(int(asked.params["limit"]), self.most_rows)
        pagination = {"total": len(rows), "total_pages": -(-len(rows) // limit)}
        return Answer({"data": self._slice(asked, rows), "meta": {"pagination": pagination}})

    def _b2b(self, asked: Asked) -> Answer:
        flags = {"companies": "isIncludeExtraFields", "orders": "showExtra", "rfq": ""}
        name = asked.path.removeprefix("/b2b/")
        resource = {"companies": "companies", "orders": "b2b_orders", "rfq": "quotes"}[name]
        only(asked, "limit", "offset", "sortBy", "orderBy", "minModified", flags[name])
        if flags[name] and asked.params.get(flags[name]) not in ("1", "true"):
            raise Refused("extra fields are not asked for")
        rows = self._changed(resource, asked.params.get("minModified"), unix_time)
        if not 1 <= int(asked.params["limit"]) <= 200:
            raise Refused("limit")
        start = int(asked.params.get("offset", 0))
        page = rows[start : start + min(int(asked.params["limit"]), self.most_rows)]
        count = {"totalCount": len(rows)}
        if name == "rfq":
            return Answer({"data": {"list": page, "pagination": count}})
        meta = {"pagination": count} if name == "companies" else count
        return Answer({"code": 200, "data": page, "meta": meta})

    def _slice(self, asked: Asked, rows: list[Record]) -> list[Record]:
        limit = int(asked.params["limit"])
        if not 1 <= limit <= 250:
            raise Refused(f"limit {limit}")
        limit = min(limit, self.most_rows)
        page = int(asked.params.get("page", 1))
        return rows[(page - 1) * limit : page * limit]

    def _changed(self, resource: str, since: str | None, parse: Callable) -> list[Record]:
        rows = self.records[resource]
        if since is None:
            return rows
        moment = unix_time(since) if since.isdigit() else iso_time(since)
        if moment is None:
            raise Refused(f"{since} is not a time")
        field = "updatedAt" if "updatedAt" in rows[0] else "date_modified"
        return [row for row in rows if parse(row[field]) >= moment]


# Adobe Commerce

SEARCH = "searchCriteria"
CONDITION = f"{SEARCH}[filter_groups][0][filters][0]"
ORDER = f"{SEARCH}[sortOrders][0]"


class AdobeServer(StrictServer):
    """Lists that repeat their last page forever. `authorise` decides whether a request may pass."""

    def __init__(self, records: dict[str, list[Record]], root: str = "/rest/all") -> None:
        super().__init__()
        self.records = records
        self.root = root
        self.authorise: Callable[[Asked], bool] = lambda asked: (
            asked.headers.get("authorization") == "Bearer adobe-secret-token"
        )
        self.missing: set[str] = set()
        self.most_rows = 300

    def answer(self, asked: Asked) -> Answer:
        lists = {
            f"{self.root}/V1/orders": "orders",
            f"{self.root}/V1/customers/search": "customers",
            f"{self.root}/V1/company/": "companies",
            f"{self.root}/V1/carts/search": "negotiable_quotes",
        }
        if asked.path not in lists:
            raise Refused("unknown address")
        if not self.authorise(asked):
            message = "The consumer isn't authorized to access %resources."
            return Answer({"message": message}, 401)
        resource = lists[asked.path]
        if resource in self.missing:
            return Answer({"message": "Request does not match any route."}, 404)
        condition = [f"{CONDITION}[{part}]" for part in ("field", "value", "condition_type")]
        only(
            asked,
            f"{SEARCH}[pageSize]",
            f"{SEARCH}[currentPage]",
            f"{ORDER}[field]",
            f"{ORDER}[direction]",
            *condition,
        )
        if asked.params.get(f"{ORDER}[field]") != "entity_id":
            raise Refused("rows would shift between pages")
        rows = self._filtered(asked, resource, [asked.params.get(name) for name in condition])
        size = min(int(asked.params[f"{SEARCH}[pageSize]"]), self.most_rows)
        last = max(1, -(-len(rows) // size))
        page = min(int(asked.params.get(f"{SEARCH}[currentPage]", 1)), last)
        items = rows[(page - 1) * size : page * size]
        return Answer({"items": items, "search_criteria": {}, "total_count": len(rows)})

    def _filtered(self, asked: Asked, resource: str, condition: list[Any]) -> list[Record]:
        rows = self.records[resource]
        if condition == [None, None, None]:
            return rows
        field, value, kind = condition
        if (field, kind) != ("updated_at", "gteq") or not re.fullmatch(
            r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", value
        ):
            raise Refused(f"filter {condition}")
        return [row for row in rows if row[field] >= value]


# Entra, and OData


class EntraServer(StrictServer):
    """The token endpoint. Tokens live `lifetime` seconds of the test's clock."""

    def __init__(self, scope: Callable[[], str], lifetime: float = 3600) -> None:
        super().__init__()
        self.scope = scope
        self.lifetime = lifetime
        self.clock: Callable[[], float] = lambda: 0.0
        self.valid_until: dict[str, float] = {}
        self.client_secret = "entra-client-secret"

    def answer(self, asked: Asked) -> Answer:
        if asked.path != "/tenant-1/oauth2/v2.0/token" or asked.method != "POST":
            raise Refused("unknown address")
        form = asked.form()
        if form.pop("client_secret") != self.client_secret:
            text = "AADSTS7000215: Invalid client secret provided."
            return Answer({"error": "invalid_client", "error_description": text}, 401)
        expected = {"grant_type": "client_credentials", "client_id": "app-1", "scope": self.scope()}
        if form != expected:
            raise Refused(f"token form {form}, not {expected}")
        token = f"entra-secret-token-{len(self.valid_until) + 1}"
        self.valid_until[token] = self.clock() + self.lifetime
        return Answer({"access_token": token, "expires_in": self.lifetime, "token_type": "Bearer"})

    def accepts(self, asked: Asked) -> bool:
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        return scheme == "Bearer" and self.valid_until.get(token, -1.0) > self.clock()


COMPARE = re.compile(r"(\w+) (ge|gt) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")
DRAFTS = re.compile(
    r"(?i)\((InvoiceDate ge \S+) or (IsPosted) eq Microsoft\.Dynamics\.DataEntities\.NoYes'No'\)"
)


@dataclass
class EntitySet:
    """Records of one address and its fields."""

    records: list[Record]
    fields: set[str]
    by_company: bool = False
    expand: str = ""


@dataclass
class Link:
    """The position that a next link encodes."""

    rows: list[Record]
    select: list[str] = field(default_factory=list)


class ODataServer(StrictServer):
    """Server-driven pages of `most_rows`. `headers` must come with every request."""

    def __init__(
        self, entra: EntraServer, sets: dict[str, EntitySet], headers: dict[str, str]
    ) -> None:
        super().__init__()
        self.entra = entra
        self.sets = sets
        self.must = headers
        self.most_rows = 2
        self.relative_links = False
        self.empty_middle = False
        self.letters: Callable[[str], str] = str  # of the service's fields, given ours
        self.forbidden: set[str] = set()
        self.links: dict[str, Link] = {}

    def answer(self, asked: Asked) -> Answer:
        if not self.entra.accepts(asked):
            return Answer({"error": {"code": "Unauthorized", "message": "token expired"}}, 401)
        if asked.path.endswith("/$metadata"):
            need(asked, accept="application/xml")
            return Answer(metadata(self.sets), headers={"Content-Type": "application/xml"})
        for name, value in {"odata-version": "4.0", "odata-maxversion": "4.0", **self.must}.items():
            need(asked, **{name.replace("-", "_"): value})
        if asked.path in self.forbidden:
            return Answer({"error": {"code": "0x80040220", "message": "missing prvRead"}}, 403)
        if asked.path not in self.sets:
            raise Refused("unknown address")
        if "skiptoken" in asked.query:
            if asked.query not in self.links:
                raise Refused("the next link was changed")
            return self._page(asked, self.links[asked.query])
        return self._page(asked, self._first(asked, self.sets[asked.path]))

    def _first(self, asked: Asked, entities: EntitySet) -> Link:
        only(
            asked, "$select", "$filter", "$top", *(["cross-company"] if entities.by_company else []),
            *(["$expand"] if entities.expand else []),
        )  # fmt: skip
        if asked.params.get("$expand", "") != entities.expand:
            raise Refused(f"$expand {asked.params['$expand']}")
        select = [name for name in asked.params.get("$select", "").split(",") if name]
        unknown = set(select) - entities.fields
        if unknown:
            raise Refused(f"unknown fields {sorted(unknown)}")
        select += [self.letters(entities.expand.partition("(")[0])] if entities.expand else []
        rows = entities.records
        if entities.by_company and asked.params.get("cross-company") != "true":
            rows = [row for row in rows if row.get("dataAreaId") == "ustr"]
        if "$filter" in asked.params:
            rows = _filtered(rows, asked.params["$filter"], self.letters)
        return Link(rows[: int(asked.params.get("$top", len(rows)))], select)

    def _page(self, asked: Asked, link: Link) -> Answer:
        rows, rest = link.rows[: self.most_rows], link.rows[self.most_rows :]
        if self.empty_middle and rest and len(link.rows) % 2:
            rows, rest = [], link.rows
            self.empty_middle = False
        body: Record = {
            "@odata.context": "x",
            "value": [_selected(row, link.select) for row in rows],
        }
        if rest:
            query = f"$skiptoken=%253Cc{len(self.links)}%2520a%2Bb%253E"
            address, _, expanded = asked.path.partition("?")
            query += f"&{expanded}=1" if expanded else ""
            self.links[query] = Link(rest, link.select)
            path = address.rsplit("/", 1)[1] if self.relative_links else self.url + address
            body["@odata.nextLink"] = f"{path}?{query}"
        return Answer(body)


def _selected(row: Record, select: list[str]) -> Record:
    if not select:
        return row
    return {name: value for name, value in row.items() if name in select or "@" in name}


def _filtered(rows: list[Record], text: str, letters: Callable[[str], str] = str) -> list[Record]:
    """A name in other letters than the service's is unknown, as it is for OData."""
    drafts = DRAFTS.fullmatch(text)
    if drafts:
        dated = _filtered(rows, drafts[1])
        return [row for row in rows if row in dated or row[drafts[2]] == "No"]
    for condition in text.split(" and "):
        compared = COMPARE.fullmatch(condition)
        if compared:
            rows = [row for row in rows if _compare(row, *compared.groups())]
        elif condition == f"{letters('category')} eq 5":
            rows = [row for row in rows if row[letters("category")] == 5]
        else:
            raise Refused(f"$filter {text}")
    return rows


def _compare(row: Record, name: str, operator: str, value: str) -> bool:
    left, right = iso_time(row[name]), iso_time(value)
    assert left and isinstance(right, datetime)
    return left >= right if operator == "ge" else left > right


def metadata(sets: dict[str, EntitySet]) -> str:
    """The EDMX of a service: a base type, a type per set, and what a reader has to pass over."""
    types, entities = (
        [],
        {path.rpartition("/")[2]: entity for path, entity in sets.items() if "?" not in path},
    )
    for name, entity in entities.items():
        first, *others = sorted(entity.fields)
        own = "".join(f'<Property Name="{one}" Type="Edm.String"/>' for one in others)
        note = '<Annotations><Annotation Term="x"/></Annotations>'
        types.append(f'<EntityType Name="base_{name}"><Property Name="{first}"/></EntityType>')
        types.append(
            f'<EntityType Name="{name}_type" BaseType="alias.base_{name}">'
            f'<Key><PropertyRef Name="{first}"/></Key>{own}{note}'
            '<NavigationProperty Name="AnotherEntity"/></EntityType>'
        )
    listed = "".join(f'<EntitySet Name="{n}" EntityType="Some.Name.{n}_type"/>' for n in entities)
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">'
        '<edmx:DataServices><Schema Namespace="Some.Name" Alias="alias"'
        ' xmlns="http://docs.oasis-open.org/odata/ns/edm"><ComplexType Name="customers_type">'
        f'<Property Name="x"/></ComplexType>{"".join(types)}<EntityContainer Name="Resources">'
        f"{listed}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"
    )


def known_fields(source: str, resource: str, *extra: str) -> set[str]:
    """The fields of a strict OData server: those of the raw table."""
    return {column.field for column in BY_NAME[source, resource].columns} | set(extra)
