"""A custom field map: checked, completed and copied for dbt."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.commands.field_map import prepare_field_map, seed_path
from pipelines.settings import FIELD_MAP_SEEDS, PROJECT, InputError, Warehouse

ENTITIES = (
    "legal_entity_id,legal_entity_name,erp,erp_code,functional_currency_code,country_code,"
    "time_zone,is_reporting_entity\nDE,DE GmbH,bc,CRONUS,EUR,DE,Europe/Berlin,true\n"
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
    shutil.copy(FIELD_MAP_SEEDS / "field_map_stores.csv", folder)
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
    prepare_field_map(target, own)
    first, second = ENTITIES.splitlines()
    later = f"{first},customer_master_legal_entity_id\n{second},\n"
    file.write_text(later)
    assert (prepare_field_map(target, own) / file.name).read_text() == later
    file.write_text(f"{first},customer_master\n{second},\n")
    with pytest.raises(InputError, match="customer_master unknown"):
        prepare_field_map(target, own)


def test_file_of_an_earlier_map_does_not_stay(target: Warehouse, own: Path) -> None:
    overrides = own / "field_map_customer_overrides.csv"
    shutil.copy(FIELD_MAP_SEEDS / overrides.name, overrides)
    with overrides.open("a") as file:
        file.write("email,a@b.test,DE,,,\n")
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
        ("field_map_integration_flows.csv", "name_pattern;purpose\n", "its first line must be"),
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


def test_folder_that_is_not_there(target: Warehouse, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        prepare_field_map(target, tmp_path / "nowhere")


def test_seed_path_is_relative_to_the_project(tmp_path: Path) -> None:
    assert seed_path(FIELD_MAP_SEEDS) == "seeds/field_map"
    assert (PROJECT / seed_path(tmp_path)).resolve() == tmp_path.resolve()
