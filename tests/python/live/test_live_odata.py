"""F&O, Business Central, Dataverse, Power Automate: next links, companies, tokens, headers."""

from __future__ import annotations

import base64
import importlib
import json
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines import settings
from pipelines.load import live
from pipelines.settings import Warehouse
from pipelines.sources.base import ConfigError, Instance, Job
from pipelines.sources.d365_fo import api as d365_fo
from pipelines.sources.dataverse import api as dataverse
from pipelines.sources.http import ApiError, RetryPolicy, dumps
from pipelines.sources.mapped_fields import mapped_fields
from pipelines.sources.odata import FILTERED, answered, fields_of_metadata
from tests.python.live import records as r
from tests.python.live import worlds
from tests.python.live.conftest import Clock
from tests.python.live.server import Answer, Asked, StrictServer
from tests.python.live.systems import Record

INSTANCES = {
    "d365_fo": "prod",
    "d365_bc": "production",
    "dataverse": "org",
    "power_automate": "org",
}
FO_LISTS = [("d365_fo", resource) for resource in worlds.FO]
BC_LISTS = [("d365_bc", resource) for resource in ("companies", *worlds.BC)]
TABLES = [("dataverse", resource) for resource in worlds.DATAVERSE]
FLOWS = [("power_automate", resource) for resource in worlds.POWER_AUTOMATE]
LISTS = [*FO_LISTS, *BC_LISTS, *TABLES, *FLOWS]


@pytest.fixture
def make(serve: Callable, configure: Callable, clock: Clock) -> Callable[[str], worlds.World]:
    def made(source: str) -> worlds.World:
        world = worlds.WORLDS[source](serve, configure)
        world.entra.clock = clock
        return world

    return made


def all_jobs(source: str, policy: RetryPolicy) -> list[Job]:
    module = importlib.import_module(f"pipelines.sources.{source}.api")
    return list(module.jobs(Instance(source, INSTANCES[source]), policy))


def job(source: str, resource: str, policy: RetryPolicy) -> Job:
    return next(job for job in all_jobs(source, policy) if job.resource == resource)


def fetched(
    source: str, resource: str, policy: RetryPolicy, since: datetime | None = None
) -> list[Record]:
    pages = job(source, resource, policy).pages(since)
    return json.loads(dumps([record for page in pages for record in page]))


def key_of(world: worlds.World, resource: str) -> tuple[str, str]:
    return next(key for key in world.records if key[1] == resource)


@pytest.mark.parametrize("relative", [False, True])
@pytest.mark.parametrize("empty", [False, True])
@pytest.mark.parametrize(("source", "resource"), LISTS)
def test_every_list_comes_whole(
    make: Callable, policy: RetryPolicy, source: str, resource: str, relative: bool, empty: bool
) -> None:
    world = make(source)
    world.server.relative_links, world.server.empty_middle = relative, empty
    key = key_of(world, resource)
    expected = world.records[key]
    assert fetched(source, resource, policy) == expected
    pages = sum(1 for asked in world.server.asked if asked.path == world.address[key])
    assert pages >= -(-len(expected) // 2), "page 1 alone is not enough"


def test_cross_company_is_asked_for(make: Callable, policy: RetryPolicy) -> None:
    world = make("d365_fo")
    companies = {row["dataAreaId"] for row in fetched("d365_fo", "customers", policy)}
    assert companies == {"ustr", "catr"}
    assert all(
        "cross-company" in a.params
        for a in world.server.asked
        if "skiptoken" not in a.query and "$metadata" not in a.path
    )


@pytest.mark.parametrize(
    ("source", "resource", "hours", "expected"),
    [
        ("d365_fo", "sales_orders", 6, [1]),
        ("d365_fo", "free_text_invoices", 6, [1, 2]),  # 2 is a draft, always asked for
        ("d365_bc", "sales_invoices", 6, [1]),
        ("d365_bc", "currency_exchange_rates", 6, [1]),
        ("power_automate", "flow_runs", 6, [1]),
        ("power_automate", "flow_events", 6, [1]),
    ],
)
def test_only_what_changed_is_asked_for(
    make: Callable,
    policy: RetryPolicy,
    source: str,
    resource: str,
    hours: float,
    expected: list[int],
) -> None:
    world = make(source)
    every = world.records[key_of(world, resource)]
    wanted = [every[number - 1] for number in expected]
    assert fetched(source, resource, policy, r.ago(hours)) == wanted


@pytest.mark.parametrize(
    ("source", "resource"),
    [
        ("d365_fo", "customers"),
        ("d365_fo", "customer_electronic_addresses"),
        ("d365_fo", "legal_entities"),
        ("d365_bc", "customers"),
        ("d365_bc", "sales_orders"),
        *TABLES,
        ("power_automate", "workflows"),
    ],
)
def test_masters_have_no_cursor(
    make: Callable, policy: RetryPolicy, source: str, resource: str
) -> None:
    make(source)
    assert job(source, resource, policy).cursor is None


def test_orders_are_asked_for_again_while_their_state_changes(
    make: Callable, policy: RetryPolicy
) -> None:
    make("d365_fo")
    for resource in ("sales_orders", "free_text_invoices"):
        assert job("d365_fo", resource, policy).cursor.overlap == timedelta(days=60)


def test_every_company_is_an_instance(make: Callable, policy: RetryPolicy) -> None:
    make("d365_bc")
    stored = {(job.instance, job.resource) for job in all_jobs("d365_bc", policy)}
    assert {instance for instance, _ in stored} == {"production", "US Trade, Inc.", "CA Trade ULC"}
    assert len(stored) == 1 + 2 * 5


def test_companies_may_be_chosen_and_prefixed(
    make: Callable, configure: Callable, policy: RetryPolicy
) -> None:
    make("d365_bc")
    configure("d365_bc", "production", companies="ca trade ulc", company_prefix="eu ")
    instances = {job.instance for job in all_jobs("d365_bc", policy)}
    assert instances == {"production", "eu CA Trade ULC"}


def test_business_central_on_premises_takes_a_web_service_key(
    make: Callable, configure: Callable, policy: RetryPolicy
) -> None:
    world = make("d365_bc")
    key = base64.b64encode(b"reader:web-service-key").decode()
    world.entra.accepts = lambda asked: asked.headers["authorization"] == f"Basic {key}"
    configure("d365_bc", "production", auth="basic", user="reader")
    configure("d365_bc", "production", web_service_key="web-service-key")
    name = next(name for name, resource in world.records if resource == "customers")
    assert fetched("d365_bc", "customers", policy) == world.records[name, "customers"]
    assert world.entra.count() == 0
    world.server.fail("customers", Answer({"echo": f"web-service-key {key}"}, 403))
    with pytest.raises(ApiError, match=r"\*\*\* \*\*\*"):
        fetched("d365_bc", "customers", policy)
    configure("d365_bc", "production", auth="ntlm")
    with pytest.raises(ConfigError, match="use entra or basic"):
        all_jobs("d365_bc", policy)


def test_fields_of_the_field_map_are_asked_for(
    make: Callable, policy: RetryPolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make("d365_fo")
    monkeypatch.setattr(d365_fo, "mapped_fields", lambda _: ["OurAccountNum", "NameAlias"])
    world.server.sets["/data/CustomersV3"].fields.add("OurAccountNum")
    world.server.sets["/data/CustomersV3"].records[0]["OurAccountNum"] = "C1"
    assert fetched("d365_fo", "customers", policy)[0]["OurAccountNum"] == "C1"


def test_a_field_of_another_table_is_left_out(
    make: Callable,
    policy: RetryPolicy,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    world = make("dataverse")
    monkeypatch.setattr(dataverse, "mapped_fields", lambda _: ["new_erp", "accountnumber"])
    world.server.sets[f"{worlds.API}/accounts"].fields.add("new_erp")
    world.server.sets[f"{worlds.API}/accounts"].records[0]["new_erp"] = "C1"
    assert fetched("dataverse", "accounts", policy)[0]["new_erp"] == "C1"
    assert len(fetched("dataverse", "contacts", policy)) == 5
    assert "WARNING" not in capsys.readouterr().out


def test_dataverse_without_dual_write(
    make: Callable, target: Warehouse, policy: RetryPolicy, capsys: pytest.CaptureFixture
) -> None:
    """No msdyn_ field and no table of companies: the rest is still loaded, without a word."""
    world = make("dataverse")
    del world.server.sets[f"{worlds.API}/cdm_companies"]
    world.server.fail("cdm_companies", Answer({"error": {"message": "Resource not found"}}, 404))
    for entities in ("accounts", "contacts"):
        fields = world.server.sets[f"{worlds.API}/{entities}"].fields
        fields -= {name for name in fields if "msdyn_" in name}
    outcomes = live.load_sources(["dataverse"], False, target, policy, echo=lambda _: None)
    assert {o.resource: (o.outcome, o.rows) for o in outcomes} == {
        "accounts": ("loaded", 5),
        "contacts": ("loaded", 5),
        "cdm_companies": ("absent", 0),
        "transactioncurrencies": ("loaded", 5),
    }
    assert "WARNING" not in capsys.readouterr().out


# per source: a list, the entity, and a field that an older service or a slim entity lacks
LACKING = [
    ("d365_fo", "customers", "CustomersV3", "FiscalCode", "fiscal_code"),
    ("d365_fo", "sales_orders", "SalesOrderHeadersV2", "Email", "email"),
    ("d365_fo", "sales_orders", "SalesOrderHeadersV2", "OrderCreationDateTime", "_source_file"),
    (
        "d365_bc",
        "sales_orders",
        "salesOrders",
        "externalDocumentNumber",
        "external_document_number",
    ),
    ("dataverse", "accounts", "accounts", "emailaddress2", "emailaddress2"),
    ("power_automate", "flow_runs", "flowruns", "errormessage", "errormessage"),
]


@pytest.mark.parametrize(("source", "resource", "entity", "field", "column"), LACKING)
def test_a_field_that_the_service_lacks_is_a_warning_and_null(
    make: Callable,
    target: Warehouse,
    policy: RetryPolicy,
    capsys: pytest.CaptureFixture,
    source: str,
    resource: str,
    entity: str,
    field: str,
    column: str,
) -> None:
    """Two loads, the second of changes only. $metadata is read once per run."""
    world = make(source)
    for path, one in world.server.sets.items():
        if path.endswith(f"/{entity}"):
            one.fields.discard(field)
    said = f"WARNING {source}/{INSTANCES[source]}: {entity} has no field {field}: not asked for"
    for _ in range(2):
        world.server.asked.clear()
        outcomes = live.load_sources([source], False, target, policy, echo=lambda _: None)
        assert {o.outcome for o in outcomes} <= {"loaded", "unchanged"}, outcomes
        assert capsys.readouterr().out.count("WARNING") == 1
        assert world.server.count("$metadata") == 1
    live.load_sources([source], True, target, policy, echo=lambda _: None)
    assert said in capsys.readouterr().out
    with duckdb.connect(str(target.raw), read_only=True) as con:
        rows = con.execute(f'select "{column}" from raw_{source}.{resource}').fetchall()
    assert len(rows) >= 5
    if column != "_source_file":
        assert {value for (value,) in rows} == {None}


@pytest.mark.parametrize(
    ("source", "resource"),
    [
        ("d365_fo", "free_text_invoices"),
        ("power_automate", "workflows"),
        ("d365_bc", "sales_invoices"),
    ],
)
def test_conditions_are_in_the_letters_of_the_service(
    make: Callable, target: Warehouse, policy: RetryPolicy, source: str, resource: str
) -> None:
    """Also the newest record, from which the next load begins, is found in them."""
    world = make(source)
    for one in world.server.sets.values():
        one.fields = {name.upper() for name in one.fields}
        one.records = [{name.upper(): value for name, value in row.items()} for row in one.records]
    world.server.letters = str.upper
    if source == "d365_bc":  # its companies come with all fields
        companies = next(
            one for path, one in world.server.sets.items() if path.endswith("companies")
        )
        companies.records = [
            {name.lower(): value for name, value in row.items()} for row in companies.records
        ]
    assert job(source, resource, policy).probe() == "ok"
    for _ in range(2):
        world.server.asked.clear()
        outcomes = live.load_sources([source], False, target, policy, echo=lambda _: None)
        assert {o.outcome for o in outcomes} <= {"loaded", "unchanged"}, outcomes
    conditions = [a.params["$filter"] for a in world.server.asked if "$filter" in a.params]
    assert conditions
    assert all(name.isupper() for one in conditions for name in FILTERED.findall(one)), conditions


def test_a_fixed_condition_on_a_field_that_the_entity_lacks_is_left_out(
    make: Callable, policy: RetryPolicy, capsys: pytest.CaptureFixture
) -> None:
    world = make("power_automate")
    workflows = world.server.sets[f"{worlds.API}/workflows"]
    workflows.fields.discard("category")
    assert len(fetched("power_automate", "workflows", policy)) == len(workflows.records)
    assert job("power_automate", "workflows", policy).probe() == "ok"
    said = capsys.readouterr().out
    assert "workflows has no field category: not asked for" in said
    assert "its condition is left out: all records come" in said


def test_of_two_conditions_the_one_that_can_be_answered_stays() -> None:
    known = {"createdon": "CreatedOn"}
    asked = {"$top": "1", "$filter": "category eq 5 and createdon ge 2026-04-01T00:00:00Z"}
    assert answered(asked, known) == {"$top": "1", "$filter": "CreatedOn ge 2026-04-01T00:00:00Z"}
    assert answered({"$filter": "(category eq 5 or createdon ge 2026)"}, known) == {}


def test_an_entity_without_any_of_the_fields_is_an_error(
    make: Callable, target: Warehouse, policy: RetryPolicy
) -> None:
    """Never an empty $select, which would ask for everything or be an error 400."""
    world = make("d365_fo")
    world.server.sets["/data/ExchangeRates"].fields = {"Other"}
    with pytest.raises(
        ApiError, match="has none of the fields that are read; is it another entity"
    ):
        job("d365_fo", "exchange_rates", policy).probe()
    outcomes = live.load_sources(["d365_fo"], False, target, policy, echo=lambda _: None)
    failed = {o.resource: o.message for o in outcomes if o.is_failure}
    assert (
        list(failed) == ["exchange_rates"] and "ExchangeRates has none" in failed["exchange_rates"]
    )


def test_the_doctor_asks_for_what_a_load_asks_for(make: Callable, policy: RetryPolicy) -> None:
    """A field that the service lacks is no error 400 there either."""
    world = make("d365_fo")
    world.server.sets["/data/CustomersV3"].fields.discard("dataAreaId")
    assert job("d365_fo", "customers", policy).probe() == "ok"
    probed = world.server.asked[-1].params
    assert (probed["$top"], probed["cross-company"]) == ("1", "true")
    fetched("d365_fo", "customers", policy)
    loaded = next(a.params for a in reversed(world.server.asked) if "$select" in a.params)
    assert probed["$select"] == loaded["$select"] and "dataAreaId" not in probed["$select"]


EDM = 'xmlns="http://docs.oasis-open.org/odata/ns/edm"'


def test_the_type_of_a_set_is_known_by_its_namespace(tmp_path: Path) -> None:
    """Two schemas have a type of one name; one is named by its alias; one inherits, one in a circle."""
    file = tmp_path / "metadata.xml"
    file.write_text(
        f"""<Edmx {EDM}>
        <Schema Namespace="A.One" Alias="one">
          <EntityType Name="Customer" BaseType="two.Party"><Property Name="OfOne"/></EntityType>
          <EntityType Name="Circle" BaseType="one.Circle"><Property Name="Round"/></EntityType>
        </Schema>
        <Schema Namespace="B.Two" Alias="two">
          <EntityType Name="Party"><Property Name="Base"/></EntityType>
          <EntityType Name="Customer"><Property Name="OfTwo"/></EntityType>
          <EntityContainer Name="Container">
            <EntitySet Name="Ones" EntityType="one.Customer"/>
            <EntitySet Name="Twos" EntityType="B.Two.Customer"/>
            <EntitySet Name="Circles" EntityType="A.One.Circle"/>
            <EntitySet Name="Unknown" EntityType="C.Three.Customer"/>
          </EntityContainer>
        </Schema></Edmx>"""
    )
    assert fields_of_metadata(file) == {
        "Ones": {"base": "Base", "ofone": "OfOne"},
        "Twos": {"oftwo": "OfTwo"},
        "Circles": {"round": "Round"},
        "Unknown": {},
    }


def test_only_fields_of_the_own_system_are_mapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`*`, a field of another entity and the twin's name_address are no field to ask for."""
    names = ("OurNumber", "*", "", "CustomerElectronicAddresses.Locator", "name_address")
    rows = "".join(f"fo,{name}\n" for name in names)
    (tmp_path / "field_map_match_keys.csv").write_text(f"d365_system,d365_field\n{rows}bc,number\n")
    monkeypatch.setattr(settings, "FIELD_MAP_SEEDS", tmp_path)
    monkeypatch.setenv("WAREHOUSE_DIR", str(tmp_path / "none"))
    assert mapped_fields("fo") == ["OurNumber"]


def test_an_own_field_that_the_entity_lacks_is_said(
    make: Callable,
    policy: RetryPolicy,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    """A key of the field map in other letters is asked for as the service writes it."""
    world = make("d365_fo")
    monkeypatch.setattr(d365_fo, "mapped_fields", lambda _: ["OURACCOUNTNUM", "NoSuchField"])
    customers = world.server.sets["/data/CustomersV3"]
    customers.fields.add("OurAccountNum")
    customers.records[0]["OurAccountNum"] = "C1"
    assert fetched("d365_fo", "customers", policy)[0]["OurAccountNum"] == "C1"
    said = capsys.readouterr().out
    assert "d365_fo/prod: CustomersV3 has no field NoSuchField: not asked for" in said
    assert "field_map_match_keys" in said


def test_metadata_that_is_no_xml_is_an_error(make: Callable, policy: RetryPolicy) -> None:
    world = make("d365_fo")
    world.server.fail("$metadata", Answer("<html><p>log in", headers={"Content-Type": "text/html"}))
    with pytest.raises(ApiError, match="is not the XML of a service"):
        fetched("d365_fo", "customers", policy)


def test_large_metadata_is_read_as_a_stream(tmp_path: Path) -> None:
    """Finance & Operations has tens of MB: they are never in memory at once."""
    types = "".join(
        f'<EntityType Name="T{n}">'
        + "".join(f'<Property Name="F{i}" Type="Edm.String"/>' for i in range(100))
        + "</EntityType>"
        for n in range(100)
    )
    file = tmp_path / "metadata.xml"
    with file.open("w") as out:
        out.write('<Edmx xmlns="http://docs.oasis-open.org/odata/ns/edm"><Schema Namespace="N">')
        for _ in range(100):
            out.write(types)
        out.write('<EntitySet Name="S" EntityType="N.T7"/></Schema></Edmx>')
    assert file.stat().st_size > 30e6
    tracemalloc.start()
    assert list(fields_of_metadata(file)["S"].values()) == [f"F{i}" for i in range(100)]
    assert tracemalloc.get_traced_memory()[1] < 30e6
    tracemalloc.stop()


@pytest.mark.parametrize(
    "context", [None, "$metadata#customers", "../$metadata#companies(1)/customers"]
)
def test_a_relative_next_link_starts_from_the_context(
    make: Callable, policy: RetryPolicy, context: str | None
) -> None:
    """Below a nested path the link has the path of the list from the root of the service."""
    world = make("d365_bc")
    path = next(path for path in world.server.sets if path.endswith("/customers"))
    rows = world.server.sets[path].records
    folder = path.rpartition("/")[0]
    link = path.removeprefix("/bc/") if context and context.startswith("..") else "customers"
    first = {"value": rows[:4], "@odata.nextLink": f"{link}?$skiptoken=x"}
    if context:
        first["@odata.context"] = f"{world.server.url}{folder}/{context}"
    world.server.fail(path, Answer(first), Answer({"value": rows[4:]}))
    assert fetched("d365_bc", "customers", policy) == rows
    assert [asked.path for asked in world.server.asked if "skiptoken" in asked.query] == [path]


def test_the_token_is_renewed_before_it_expires(
    make: Callable, policy: RetryPolicy, clock: Clock
) -> None:
    world = make("d365_fo")
    pages = job("d365_fo", "customers", policy).pages(None)
    next(pages)
    clock.now = 3600 - 299
    next(pages)
    assert world.entra.count() == 2
    assert len({asked.headers["authorization"] for asked in world.server.asked}) == 2


def test_a_token_refused_in_mid_run_is_renewed_once(make: Callable, policy: RetryPolicy) -> None:
    world = make("dataverse")
    pages = job("dataverse", "accounts", policy).pages(None)
    next(pages)
    world.entra.valid_until.clear()
    world.entra.valid_until["other"] = 0.0
    assert sum(len(page) for page in pages) == 3
    world.server.fail("contacts", *[Answer({"error": {}}, 401)] * 99)
    before = world.entra.count()
    with pytest.raises(ApiError, match="401"):
        fetched("dataverse", "contacts", policy)
    assert world.entra.count() - before <= 2 and world.server.count("contacts") == 2


def test_a_wrong_client_secret_is_explained(
    make: Callable, configure: Callable, policy: RetryPolicy
) -> None:
    make("d365_fo")
    configure("d365_fo", "prod", client_secret="wrong-secret-value")
    with pytest.raises(ApiError, match="AADSTS7000215") as caught:
        fetched("d365_fo", "customers", policy)
    assert "[sources.d365_fo.prod]" in str(caught.value)
    assert "wrong-secret-value" not in str(caught.value)


class Token(StrictServer):
    def answer(self, asked: Asked) -> Answer:
        return Answer({"error": "x"} if asked.method == "GET" else {"token_type": "Bearer"})


def test_an_answer_without_a_token_is_an_error(
    make: Callable, configure: Callable, serve: Callable, policy: RetryPolicy
) -> None:
    make("d365_fo")
    configure("d365_fo", "prod", authority=serve(Token()).url)
    with pytest.raises(ApiError, match="without an access_token"):
        fetched("d365_fo", "customers", policy)


def test_throttling_is_waited_for(make: Callable, policy: RetryPolicy, clock: Clock) -> None:
    world = make("dataverse")
    world.server.fail("accounts", Answer(status=429, headers={"Retry-After": "240"}), skip=1)
    assert len(fetched("dataverse", "accounts", policy)) == 5
    assert clock.waits == [241.0]


def test_a_next_link_that_is_repeated_ends_the_load(make: Callable, policy: RetryPolicy) -> None:
    world = make("dataverse")
    body = {"value": [], "@odata.nextLink": f"{world.server.url}{worlds.API}/accounts?x=1"}
    world.server.fail("accounts", *[Answer(body)] * 99)
    with pytest.raises(ApiError, match="same next page twice"):
        fetched("dataverse", "accounts", policy)
    assert world.server.count("accounts") == 3


def test_empty_pages_without_end_are_given_up(make: Callable, policy: RetryPolicy) -> None:
    world = make("dataverse")
    link = f"{world.server.url}{worlds.API}/accounts?x="

    def empty(number: int) -> Answer:
        return Answer({"value": [], "@odata.nextLink": f"{link}{number}"})

    world.server.fail("accounts", *[empty(number) for number in range(400)])
    with pytest.raises(ApiError, match="101 empty pages"):
        fetched("dataverse", "accounts", policy)


def test_a_next_link_to_another_host_gets_no_token(
    make: Callable, serve: Callable, policy: RetryPolicy
) -> None:
    world, other = make("dataverse"), serve(Token())
    body = {"value": [r.account(1, 1)], "@odata.nextLink": f"{other.url}/next"}
    world.server.fail("accounts", Answer(body))
    with pytest.raises(ApiError, match="must not leave"):
        fetched("dataverse", "accounts", policy)
    assert other.count() == 0


@pytest.mark.parametrize("body", [{}, {"value": None}, {"error": {"message": "x"}}, []])
def test_an_answer_without_the_list_is_an_error(
    make: Callable, policy: RetryPolicy, body: object
) -> None:
    make("dataverse").server.fail("accounts", Answer(body))
    with pytest.raises(ApiError, match="without the list"):
        fetched("dataverse", "accounts", policy)


def test_an_unencrypted_address_is_refused(
    make: Callable, configure: Callable, policy: RetryPolicy
) -> None:
    make("d365_fo")
    configure("d365_fo", "prod", base_url="http://prod.operations.dynamics.com")
    with pytest.raises(Exception, match="only over https"):
        all_jobs("d365_fo", policy)
