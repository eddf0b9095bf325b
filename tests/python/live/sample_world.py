"""An extract folder served by the test APIs."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from tests.python.live import worlds
from tests.python.live.serving import Configure, Serve
from tests.python.live.systems import (
    AdobeServer,
    BigCommerceServer,
    EntitySet,
    EntraServer,
    FileServer,
    ODataServer,
    Record,
    ShopifyServer,
    known_fields,
)

VERSION = "2026-07"
ROWS_A_PAGE = 40  # the larger lists have several pages
BY_PAGES = {"start_date": "2020-01-01"}  # instead of a bulk operation
Resources = dict[str, list[Record]]


def serve_folder(folder: Path, serve: Serve, configure: Configure) -> Counter[tuple[str, str]]:
    """Serve and configure every instance of an extract folder; records by source and resource."""
    served: Counter[tuple[str, str]] = Counter()
    for source, make in MAKERS.items():
        instances = _records(folder / source)
        if instances:
            make(instances, serve, configure)
        for resources in instances.values():
            served.update({(source, name): len(rows) for name, rows in resources.items()})
    return served


def _records(folder: Path) -> dict[str, Resources]:
    found: dict[str, Resources] = defaultdict(dict)
    for path in sorted(folder.glob("*/*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines()
        found[path.parent.name][path.stem] = [json.loads(line) for line in lines]
    return dict(found)


def _shopify(instances: dict[str, Resources], serve: Serve, configure: Configure) -> None:
    """The first shop is read by page, the others by bulk operation."""
    for number, (instance, resources) in enumerate(instances.items()):
        every = {resource: resources.get(resource, []) for resource in worlds.SHOPIFY}
        files = FileServer()
        server = ShopifyServer(every, files, VERSION, sparse=True)
        serve(files)
        serve(server)
        configure(
            *("shopify", instance),
            base_url=server.url,
            access_token=server.token,
            api_version=VERSION,
            page_size=ROWS_A_PAGE,
            **({} if number else BY_PAGES),
        )


def _bigcommerce(instances: dict[str, Resources], serve: Serve, configure: Configure) -> None:
    for instance, resources in instances.items():
        server = BigCommerceServer(resources)
        server.most_rows = ROWS_A_PAGE
        serve(server)
        configure(
            *("bigcommerce", instance),
            base_url=server.url,
            b2b_base_url=f"{server.url}/b2b",
            store_hash=server.store,
            access_token=server.token,
            b2b="true",
        )


def _adobe_commerce(instances: dict[str, Resources], serve: Serve, configure: Configure) -> None:
    for instance, resources in instances.items():
        server = AdobeServer(resources)
        serve(server)
        configure(
            *("adobe_commerce", instance),
            base_url=f"{server.url}/rest/all",
            access_token="adobe-secret-token",
            page_size=ROWS_A_PAGE,
        )


def _d365_fo(instances: dict[str, Resources], serve: Serve, configure: Configure) -> None:
    for instance, resources in instances.items():
        sets = {
            f"/data/{entity}": _entities("d365_fo", resource, resources, by_company=True)
            for resource, (entity, _) in worlds.FO.items()
        }
        _serve_odata("d365_fo", instance, sets, {}, serve, configure)


def _d365_bc(instances: dict[str, Resources], serve: Serve, configure: Configure) -> None:
    """One environment; its companies are named like the folders."""
    listed = next(rows["companies"] for rows in instances.values() if "companies" in rows)
    by_number = sorted(instances, reverse=True)  # us-trade is listed before ca-trade
    companies = [row | {"name": name} for row, name in zip(listed, by_number, strict=True)]
    sets = {"/bc/companies": EntitySet(companies, known_fields("d365_bc", "companies"))}
    for company in companies:
        for resource, (entity, _) in worlds.BC.items():
            path = f"/bc/companies({company['id']})/{entity}"
            sets[path] = _entities("d365_bc", resource, instances[company["name"]])
            sets[path].expand = worlds.EXPANDED if path.endswith("$expand") else ""
    headers = {"data-access-intent": "ReadOnly", "prefer": "odata.maxpagesize=20000"}
    scope = "https://api.businesscentral.dynamics.com/.default"
    _serve_odata("d365_bc", "production", sets, headers, serve, configure, "/bc", scope)


def _dataverse(instances: dict[str, Resources], serve: Serve, configure: Configure) -> None:
    _tables("dataverse", worlds.DATAVERSE, instances, serve, configure)


def _power_automate(instances: dict[str, Resources], serve: Serve, configure: Configure) -> None:
    _tables("power_automate", worlds.POWER_AUTOMATE, instances, serve, configure)


def _tables(
    source: str,
    tables: dict[str, tuple],
    instances: dict[str, Resources],
    serve: Serve,
    configure: Configure,
) -> None:
    for instance, resources in instances.items():
        sets = {
            f"{worlds.API}/{entity}": _entities(source, resource, resources)
            for resource, (entity, _) in tables.items()
        }
        _serve_odata(source, instance, sets, {"prefer": worlds.PREFER}, serve, configure)


def _entities(
    source: str, resource: str, resources: Resources, by_company: bool = False
) -> EntitySet:
    records = resources.get(resource, [])
    own = {name for record in records for name in record}
    return EntitySet(records, known_fields(source, resource, *own), by_company)


def _serve_odata(
    source: str,
    instance: str,
    sets: dict[str, EntitySet],
    headers: dict[str, str],
    serve: Serve,
    configure: Configure,
    root: str = "",
    scope: str = "",
) -> None:
    entra = EntraServer(lambda: scope or f"{server.url}/.default")
    server = ODataServer(entra, sets, headers)
    server.most_rows = ROWS_A_PAGE
    serve(entra)
    serve(server)
    configure(
        *(source, instance),
        base_url=f"{server.url}{root}",
        authority=entra.url,
        tenant="tenant-1",
        client_id="app-1",
        client_secret=entra.client_secret,
    )


MAKERS: dict[str, Callable[[dict[str, Resources], Serve, Configure], None]] = {
    "shopify": _shopify,
    "bigcommerce": _bigcommerce,
    "adobe_commerce": _adobe_commerce,
    "d365_fo": _d365_fo,
    "d365_bc": _d365_bc,
    "dataverse": _dataverse,
    "power_automate": _power_automate,
}
