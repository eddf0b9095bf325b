"""The declared columns of the raw tables."""

from __future__ import annotations

import pytest
from dlt.common.normalizers.naming.snake_case import NamingConvention

from pipelines.sources.tables import RESOURCES, SOURCES, Resource, snake_case

IDS = [f"{resource.source}.{resource.name}" for resource in RESOURCES]


def test_seven_sources() -> None:
    assert SOURCES == (
        "adobe_commerce",
        "bigcommerce",
        "d365_bc",
        "d365_fo",
        "dataverse",
        "power_automate",
        "shopify",
    )


@pytest.mark.parametrize("resource", RESOURCES, ids=IDS)
def test_columns_are_named_as_dlt_names_them(resource: Resource) -> None:
    naming = NamingConvention()
    for column in resource.columns:
        assert column.name == naming.normalize_identifier(column.field)


@pytest.mark.parametrize("resource", RESOURCES, ids=IDS)
def test_key_version_and_order_time_are_declared_once(resource: Resource) -> None:
    fields = [column.field for column in resource.columns]
    assert len(set(fields)) == len(fields)
    used = {*resource.key, resource.version, resource.order_time} - {None}
    assert resource.key and used <= set(fields)


def test_customer_masters_are_whole_and_keep_the_record() -> None:
    masters = [r for r in RESOURCES if r.source.startswith("d365") and r.name == "customers"]
    assert [(r.mode, r.has_record) for r in masters] == [("whole", True)] * 2


def test_snake_case() -> None:
    assert snake_case("AddressCountryRegionISOCode") == "address_country_region_iso_code"
    assert snake_case("_msdyn_company_value") == "_msdyn_company_value"
