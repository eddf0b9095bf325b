"""A custom field map: checked, completed and copied for dbt."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipelines.commands.dbt import seed_folders
from pipelines.commands.field_map import CARD_SEEDS, prepare_field_map, seed_path
from pipelines.settings import FIELD_MAP_SEEDS, PROJECT, InputError, Warehouse

ENTITIES = (
    "legal_entity_id,legal_entity_name,erp,erp_code,functional_currency_code,country_code,"
    "time_zone,is_reporting_entity,customer_master_legal_entity_id\n"
    "DE,DE GmbH,bc,CRONUS,EUR,DE,Europe/Berlin,true,\n"
)
STORES = (
    "platform,instance,store_name,segment,time_zone,default_legal_entity_id,order_reference_rule,"
    "order_reference_prefix,is_in_scope\nshopify,dtc,DTC,dtc,Europe/Berlin,DE,,SHP-,true\n"
)


@pytest.fixture
def target(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The smallest field map: legal entities and stores."""
    folder = tmp_path / "map"
    folder.mkdir()
    (folder / "field_map_legal_entities.csv").write_text(ENTITIES)
    (folder / "field_map_stores.csv").write_text(STORES)
    return folder


def test_without_a_folder_the_project_s_seeds_are_used(target: Warehouse, own: Path) -> None:
    prepare_field_map(target, own)
    assert prepare_field_map(target, None) == FIELD_MAP_SEEDS
    assert not target.field_map.exists()


def test_missing_files_are_completed(target: Warehouse, own: Path) -> None:
    folder = prepare_field_map(target, own)
    names = {path.name for path in folder.iterdir()}
    assert names == {path.name for path in FIELD_MAP_SEEDS.iterdir()}
    assert (folder / "field_map_legal_entities.csv").read_text() == ENTITIES
    for name in ("order_statuses", "ignored_keys", "match_keys", "integration_flows"):
        file = f"field_map_{name}.csv"
        assert (folder / file).read_text() == (FIELD_MAP_SEEDS / file).read_text()
    for name in (
        "ship_to_countries",
        "platform_tags",
        "customer_overrides",
        "default_customers",
    ):
        lines = (folder / f"field_map_{name}.csv").read_text().splitlines()
        assert lines == (FIELD_MAP_SEEDS / f"field_map_{name}.csv").read_text().splitlines()[:1]


def test_a_column_that_came_later_may_be_there_or_not(target: Warehouse, own: Path) -> None:
    file = own / "field_map_legal_entities.csv"
    first, second = ENTITIES.splitlines()
    file.write_text(f"{first.rpartition(',')[0]}\n{second[:-1]}\n")
    assert (prepare_field_map(target, own) / file.name).read_text() == ENTITIES
    file.write_text(f"{first}_x\n{second}\n")
    with pytest.raises(InputError, match="customer_master_legal_entity_id_x unknown"):
        prepare_field_map(target, own)


def test_file_of_an_earlier_map_does_not_stay(target: Warehouse, own: Path) -> None:
    overrides = own / "field_map_customer_overrides.csv"
    overrides.write_text(
        "key_type,key_value,legal_entity_id,valid_from,valid_to,note\nemail,a@b.test,DE,,,\n"
    )
    prepare_field_map(target, own)
    overrides.unlink()
    folder = prepare_field_map(target, own)
    assert len((folder / overrides.name).read_text().splitlines()) == 1


def test_byte_order_mark_of_a_spreadsheet_is_taken_off(target: Warehouse, own: Path) -> None:
    (own / "field_map_legal_entities.csv").write_bytes(b"\xef\xbb\xbf" + ENTITIES.encode())
    folder = prepare_field_map(target, own)
    assert (folder / "field_map_legal_entities.csv").read_text() == ENTITIES


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("field_map_stores.csv", None, "field_map_stores.csv is missing; it needs platform,"),
        ("field_map_legal_entities.csv", None, "field_map_legal_entities.csv is missing"),
        ("field_map_store.csv", "a,b\n", "did you mean field_map_stores.csv"),
        ("customers.csv", "a,b\n", "the field map has no such file"),
        ("field_map_customer_overrides.csv", "key_type,note\n", "key_value, legal_entity_id"),
        ("field_map_integration_flows.csv", "name_pattern,purpose,x\n", "x unknown"),
        ("field_map_integration_flows.csv", "name_pattern|purpose\n", "its first line must be"),
        ("field_map_integration_flows.csv", "purpose,name_pattern\n", "another order"),
        ("field_map_integration_flows.csv", "", "name_pattern, purpose missing"),
    ],
)
def test_wrong_field_map(
    target: Warehouse, own: Path, name: str, text: str | None, sentence: str
) -> None:
    if text is None:
        (own / name).unlink()
    else:
        (own / name).write_text(text)
    with pytest.raises(InputError, match=sentence):
        prepare_field_map(target, own)
    assert not target.field_map.exists()


@pytest.mark.parametrize(
    ("column", "value", "remedy"),
    [
        ("erp", "d365", "fo or bc"),
        ("functional_currency_code", "EURO", "an ISO code such as EUR"),
        ("country_code", "GER", "an ISO code of two letters"),
        ("time_zone", "Berlin", "a time zone such as Europe/Berlin"),
        ("is_reporting_entity", "ja", "true or false"),
        ("customer_master_legal_entity_id", "FR", "an entity of field_map_legal_entities.csv: DE"),
    ],
)
def test_value_that_would_not_be_found(
    target: Warehouse, own: Path, column: str, value: str, remedy: str
) -> None:
    row = dict(zip(*(line.split(",") for line in ENTITIES.splitlines()), strict=True))
    header, cells = ",".join(row), ",".join((row | {column: value}).values())
    (own / "field_map_legal_entities.csv").write_text(f"# our companies\n{header}\n{cells}\n")
    with pytest.raises(InputError, match=rf"line 3: {column} is '{value}'; write .*{remedy}"):
        prepare_field_map(target, own)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (
            "DE,shopfy,DE",
            "platform is 'shopfy'; write one of shopify, bigcommerce, adobe_commerce, *.",
        ),
        (",*,DE", "country_code is ''; write an ISO code of two letters such as DE."),
    ],
)
def test_a_value_that_the_build_would_refuse_is_named_before(
    target: Warehouse, own: Path, row: str, fault: str
) -> None:
    path = own / "field_map_ship_to_countries.csv"
    path.write_text(f"country_code,platform,legal_entity_id\n{row}\n")
    with pytest.raises(InputError) as error:
        prepare_field_map(target, own)
    assert str(error.value) == f"{path}, line 2: {fault}"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("shop,us,https://x.test", "system is 'shop'; write one of shopify, bigcommerce"),
        ("fo,*,ustr.operations.test", "address is 'ustr.operations.test'; write a whole https"),
        ("bc,*,javascript:alert(1)", "address is 'javascript:alert.1.'; write a whole https"),
        ("bc,*,https://x.test/?company=It's", "write a whole https"),
        ("FO,A,https://x.test\nfo,a,https://y.test", "line 3: fo, a is also on line 2"),
    ],
)
def test_an_address_is_one_of_the_web(target: Warehouse, own: Path, row: str, fault: str) -> None:
    (own / "field_map_addresses.csv").write_text(f"system,name,address\n{row}\n")
    with pytest.raises(InputError, match=fault):
        prepare_field_map(target, own)


def test_every_problem_of_every_file_is_named_in_one_go(target: Warehouse, own: Path) -> None:
    with (own / "field_map_stores.csv").open("a") as file:
        file.write("shopify,eu,EU,dtc,Europe/Berlin,FR,,,true\nSHOPIFY,dtc,again,,,DE,,,true\n")
    (own / "field_map_ship_to_countries.csv").write_text(
        "country_code,platform,legal_entity_id\nUK,*,DE\nFR,*,XX\n"
    )
    with pytest.raises(InputError) as error:
        prepare_field_map(target, own)
    lines = str(error.value).splitlines()
    assert [line.split(": ")[0].rpartition("/")[2] for line in lines] == [
        "field_map_ship_to_countries.csv, line 2",
        "field_map_ship_to_countries.csv, line 3",
        "field_map_stores.csv, line 3",
        "field_map_stores.csv, line 4",
    ]
    assert "also on line 2; keep one" in lines[-1]


KEYS_HEADER = (
    "match_key_id,scope,platform,key_type,source_field,d365_system,d365_field,precedence,is_active"
)


@pytest.mark.parametrize(
    ("rows", "lacking"),
    [
        (["mine,headline,*,email,*.email,bc,email,30,true"], ["twin"]),
        (["mine,TWIN,*,email,*.email,*,email,30,TRUE"], ["headline"]),
        (["mine,headline,*,email,*.email,bc,email,30,false"], ["headline", "twin"]),
        (["a,headline,*,email,*.email,fo,x,1,true", "b,twin,*,email,*.email,fo,x,1,true"],
         ["headline", "twin"]),
        (["a,Headline,*,email,*.email,bc,email,1,true", "b,twin,*,email,*.email,BC,email,1,true"],
         []),
    ],
)  # fmt: skip
def test_match_keys_without_one_of_a_scope(
    target: Warehouse, own: Path, rows: list[str], lacking: list[str]
) -> None:
    """The file of a company replaces the whole: every customer would be absent."""
    path = own / "field_map_match_keys.csv"
    path.write_text("\n".join([KEYS_HEADER, *rows]) + "\n")
    if not lacking:
        prepare_field_map(target, own)
        return
    with pytest.raises(InputError) as error:
        prepare_field_map(target, own)
    assert str(error.value).splitlines() == [
        f"{path}: no active row of scope {scope} for erp bc; add one, or take over the rows of"
        f" {FIELD_MAP_SEEDS / path.name}."
        for scope in lacking
    ]
    registry = (CARD_SEEDS / "card_registry.csv").read_text()
    off = [line.replace(",true,true,true", ",false,true,true") for line in registry.splitlines()]
    twin = [
        line for line in off if line.startswith(("card_id,", "ecom_customers_absent_from_d365,"))
    ]
    (own / "card_registry.csv").write_text("\n".join(twin) + "\n")
    if lacking == ["twin"]:
        prepare_field_map(target, own)


def test_a_short_row_is_named_by_its_line(target: Warehouse, own: Path) -> None:
    with (own / "field_map_stores.csv").open("a") as file:
        file.write("\n# the next one is short\nshopify,eu,EU\n")
    with pytest.raises(InputError, match=r"line 5: 3 values for 9 columns \(platform,instance"):
        prepare_field_map(target, own)


def test_semicolons_of_a_spreadsheet_and_comments_are_read(target: Warehouse, own: Path) -> None:
    file = own / "field_map_legal_entities.csv"
    file.write_text("# our companies, one a row;\n" + ENTITIES.replace(",", ";"))
    assert (prepare_field_map(target, own) / file.name).read_text() == ENTITIES


def test_cards_of_a_company_replace_those_rows_only(target: Warehouse, own: Path) -> None:
    header, first, *others = (CARD_SEEDS / "card_registry.csv").read_text().splitlines()
    row = dict(zip(header.split(","), next(csv.reader([first])), strict=True)) | {"threshold": "3"}
    with (own / "card_registry.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    seeds = prepare_field_map(target, own)
    with (target.card_seeds / "card_registry.csv").open(newline="") as file:
        thresholds = {row["card_id"]: row["threshold"] for row in csv.DictReader(file)}
    assert len(thresholds) == len(others) + 1
    assert thresholds[row["card_id"]] == "3"
    actions = "onboarding_actions.csv"
    assert (target.card_seeds / actions).read_text() == (CARD_SEEDS / actions).read_text()
    assert seed_folders(seeds)["CARD_SEEDS_DIR"] == seed_path(target.card_seeds)
    (own / "card_registry.csv").unlink()
    prepare_field_map(target, own)
    assert seed_folders(seeds)["CARD_SEEDS_DIR"] == "seeds/cards"


def test_folder_that_is_not_there(target: Warehouse, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        prepare_field_map(target, tmp_path / "nowhere")


def test_seed_path_is_relative_to_the_project(tmp_path: Path) -> None:
    assert seed_path(FIELD_MAP_SEEDS) == "seeds/field_map"
    assert (PROJECT / seed_path(tmp_path)).resolve() == tmp_path.resolve()
