"""Settings, secrets and addresses of instances, and the output of `doctor --connect`."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.commands.doctor import connect_check
from pipelines.load import live
from pipelines.settings import PROJECT, InputError, Warehouse
from pipelines.sources.base import Instance
from pipelines.sources.dataverse import api as dataverse
from pipelines.sources.http import RetryPolicy
from pipelines.sources.odata import entra_credential
from tests.python.live import worlds
from tests.python.live.loading import load, raw_rows
from tests.python.live.server import Answer, Asked

# source → resource → what `doctor --connect` recommends when the list is refused
MISSING = {
    "shopify": {
        "orders": "app the access scope read_orders",
        "customers": "app the access scope read_customers",
        "company_locations": "app the access scope read_companies",
        "draft_orders": "app the access scope read_draft_orders",
    },
    "bigcommerce": {
        "orders": "store-level API account the scope Orders: read-only",
        "customers": "store-level API account the scope Customers: read-only",
        "companies": "API account the scope B2B Edition: read-only",
        "b2b_orders": "API account the scope B2B Edition: read-only",
        "quotes": "API account the scope B2B Edition: read-only",
    },
    "adobe_commerce": {
        "orders": "integration the API resource Sales > Operations > Orders",
        "customers": "integration the API resource Customers > All Customers",
        "companies": "integration the API resource Customers > Companies",
        "negotiable_quotes": "integration the API resource Carts > Manage carts",
    },
    "d365_fo": {name: f"role can read {entity}." for name, (entity, _) in worlds.FO.items()},
    "d365_bc": {
        **{name: f"set that reads {entity}." for name, (entity, _) in worlds.BC.items()},
        "customer_contacts": "set that reads customers and contacts.",
    },
    "dataverse": {name: f"read on table {table}." for name, table in dataverse.TABLES.items()},
    "power_automate": {
        "workflows": "read on table workflow.",
        "flow_runs": "read on table flowrun.",
        "flow_events": "read on table flowevent.",
    },
}
ENTRA = {"tenant": "t", "environment": "e", "client_id": "c", "client_secret": "s"}
BC_ROOT = "https://api.businesscentral.dynamics.com/v2.0/t/e/api/v2.0"
PROXY = {"base_url": "https://proxy.test/x/"}
ADDRESSES = [
    ("shopify", {}, "https://us.myshopify.com/admin/api/2026-07/graphql.json#orders"),
    ("shopify", PROXY, "https://proxy.test/x/admin/api/2026-07/graphql.json#orders"),
    ("bigcommerce", {}, "https://api.bigcommerce.com/stores/h/v2/orders"),
    ("bigcommerce", PROXY, "https://proxy.test/x/stores/h/v2/orders"),
    ("adobe_commerce", PROXY, "https://proxy.test/x/V1/orders"),
    ("d365_fo", PROXY, "https://proxy.test/x/data/CustomersV3"),
    ("d365_bc", {}, f"{BC_ROOT}/companies"),
    ("d365_bc", PROXY, "https://proxy.test/x/companies"),
    ("dataverse", PROXY, "https://proxy.test/x/api/data/v9.2/accounts"),
    ("power_automate", PROXY, "https://proxy.test/x/api/data/v9.2/workflows"),
]


def test_several_instances_of_a_source(
    make: Callable,
    configure: Callable,
    target: Warehouse,
    policy: RetryPolicy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = make("adobe_commerce")
    configure("adobe_commerce", "eu-shop", base_url=f"{world.server.url}/rest/all")
    configure("adobe_commerce", "eu-shop", page_size=2, access_token="adobe-secret-token")
    load("adobe_commerce", target, policy)
    instances = {row["instance"] for row in raw_rows(target, "adobe_commerce", "orders")}
    assert instances == {"main", "eu-shop"}
    monkeypatch.delenv("SOURCES__ADOBE_COMMERCE__EU_SHOP__ACCESS_TOKEN")
    outcomes = load("adobe_commerce", target, policy)
    broken = [o for o in outcomes if o.instance == "eu-shop"]
    assert [o.outcome for o in broken] == ["failed"]
    assert "access_token is missing for adobe_commerce instance eu-shop" in broken[0].message


@pytest.mark.parametrize("source", worlds.WORLDS)
def test_doctor_makes_one_call_per_list_and_names_what_is_missing(
    make: Callable, policy: RetryPolicy, capsys: pytest.CaptureFixture, source: str
) -> None:
    world = make(source)
    names = list(dict.fromkeys(resource for _, resource in world.records))
    assert connect_check()
    assert len(re.findall("^ok ", capsys.readouterr().out, re.MULTILINE)) == len(names)
    # the companies of Business Central are also requested to find the other lists
    asked = world.server.count() - world.server.count("$metadata")
    assert asked == len(names) + (source == "d365_bc")
    assert world.server.count("$metadata") == (world.entra is not None)
    if source == "shopify":
        world.server.scopes = ["read_products"]
    else:
        world.server.fail("/", *[_refused_unless_companies] * 99)
    outcomes = {o.resource: o.message for o in live.probe_sources(policy) if o.is_failure}
    for name, words in MISSING[source].items():
        message = outcomes.pop(name)
        assert "Remedy: " in message and words in message, message
    assert not outcomes
    world.server.faults.clear()


def _refused_unless_companies(asked: Asked) -> Answer | None:
    """Business Central still lists its companies, which are needed for their lists."""
    return None if asked.path == "/bc/companies" else Answer({"message": "no"}, 403)


def test_doctor_fails_for_a_wrong_secret(
    make: Callable, configure: Callable, capsys: pytest.CaptureFixture
) -> None:
    make("dataverse")
    configure("dataverse", "org", client_secret="wrong-secret-value")
    assert not connect_check()
    printed = capsys.readouterr().out
    assert printed.count("failed  dataverse/org/") == 4 and "Invalid client secret" in printed
    assert "Check client_id, client_secret" in printed and "Remedy" not in printed
    assert "wrong-secret-value" not in printed


@pytest.mark.parametrize(("source", "settings", "address"), ADDRESSES)
def test_every_base_url_can_be_configured(
    configure: Callable, policy: RetryPolicy, source: str, settings: dict[str, str], address: str
) -> None:
    configure(source, "us", access_token="a", store_hash="h", shop="us", **ENTRA, **settings)
    module = importlib.import_module(f"pipelines.sources.{source}.api")
    assert next(module.jobs(Instance(source, "us"), policy)).endpoint == address


@pytest.mark.parametrize("source", ["d365_fo", "d365_bc", "dataverse", "power_automate"])
def test_every_authority_can_be_configured(
    configure: Callable, policy: RetryPolicy, source: str
) -> None:
    configure(source, "us", **ENTRA)
    usual = entra_credential(Instance(source, "us"), "scope", policy)
    assert usual.token_url == "https://login.microsoftonline.com/t/oauth2/v2.0/token"
    configure(source, "us", authority="https://login.partner.microsoftonline.cn/", scope="mine")
    sovereign = entra_credential(Instance(source, "us"), "scope", policy)
    assert sovereign.token_url == "https://login.partner.microsoftonline.cn/t/oauth2/v2.0/token"
    assert sovereign.form["scope"] == "mine"


def test_nothing_configured_is_one_sentence(target: Warehouse) -> None:
    with pytest.raises(InputError, match=r"list its names in \[sources.shopify\] instances"):
        live.load_sources(["shopify"], False, target, echo=lambda _: None)


def test_settings_and_secrets_from_files(
    make: Callable, target: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make("adobe_commerce")
    for name in [name for name in os.environ if name.startswith("SOURCES__")]:
        monkeypatch.delenv(name)
    files = tmp_path / "project" / ".dlt"
    files.mkdir(parents=True)
    (files / "config.toml").write_text(f"""
[http]
attempts = 2
[sources.adobe_commerce]
instances = ["eu-shop"]
[sources.adobe_commerce.eu-shop]
base_url = "{world.server.url}/rest/all"
page_size = 2
negotiable_quotes = false
start_date = 2020-01-31
""")
    (files / "secrets.toml").write_text(
        '[sources.adobe_commerce.eu-shop]\naccess_token = "adobe-secret-token"\n'
    )
    environment = {**os.environ, "DLT_PROJECT_DIR": str(files.parent)}
    command = [sys.executable, "-m", "pipelines", "load", "adobe_commerce"]
    done = subprocess.run(
        command,
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 resources, 15 rows fetched, 0 failed." in done.stdout
    assert {row["instance"] for row in raw_rows(target, "adobe_commerce", "orders")} == {"eu-shop"}
