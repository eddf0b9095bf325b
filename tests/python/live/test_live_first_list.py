"""README's way for live systems, from nothing: `.dlt/`, `doctor --connect`, `init`, an answer, `daily`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.settings import PROJECT
from tests.python.live.sample_world import serve_folder
from tests.python.live.serving import serving

HOME = {"countryCodeV2": "DE"}
SECRETS = ("access_token", "client_secret")


def order(number: int, email: str) -> dict[str, object]:
    money = {"shopMoney": {"amount": "119.00", "currencyCode": "EUR"}}
    times = dict.fromkeys(("createdAt", "updatedAt", "processedAt"), "2026-04-11T10:00:00Z")
    return {
        **times,
        "id": f"gid://shopify/Order/{number}",
        "name": f"#{number}",
        "displayFinancialStatus": "PAID",
        "currencyCode": "EUR",
        "email": email,
        "shippingAddress": HOME,
        "billingAddress": HOME,
        "currentTotalPriceSet": money,
        "totalPriceSet": money,
    }


def customer(number: str, email: str) -> dict[str, object]:
    return {
        "id": f"{int(number):08d}-0000-0000-0000-000000000001",
        "number": number,
        "displayName": f"Kunde {number}",
        "email": email,
        "country": "DE",
        "currencyCode": "EUR",
        "blocked": "_x0020_",
        "lastModifiedDateTime": "2026-04-01T10:00:00Z",
    }


@pytest.fixture
def systems(tmp_path: Path) -> Path:
    """What the systems have: two buyers, one of whom D365 knows."""
    root = tmp_path / "systems"
    company = {"id": "9fd6fd56-b21f-520a-99a6-e9c2143bce1e", "name": "gmbh"}
    for name, rows in {
        "shopify/laden/orders": [order(1001, "a@x.test"), order(1002, "b@x.test")],
        "d365_bc/gmbh/companies": [company],
        "d365_bc/gmbh/customers": [customer("10", "a@x.test")],
    }.items():
        path = root / f"{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return root


def write_configuration(folder: Path, given: dict[tuple[str, str], dict[str, object]]) -> None:
    """`.dlt/config.toml` and `.dlt/secrets.toml`, as the example shows them."""
    texts = {"config.toml": "", "secrets.toml": ""}
    for (source, instance), values in given.items():
        texts["config.toml"] += f'[sources.{source}]\ninstances = ["{instance}"]\n'
        for file, is_secret in (("config.toml", False), ("secrets.toml", True)):
            texts[file] += f"[sources.{source}.{instance}]\n"
            lines = {name: v for name, v in values.items() if (name in SECRETS) == is_secret}
            texts[file] += "".join(f"{name} = {json.dumps(v)}\n" for name, v in lines.items())
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text)


def test_from_nothing_to_a_first_list(systems: Path, tmp_path: Path) -> None:
    company, given = tmp_path / "acme", {}

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pipelines", *map(str, arguments)]
        places = {"DLT_PROJECT_DIR": str(tmp_path), "WAREHOUSE_DIR": str(tmp_path / "warehouse")}
        env = os.environ | places | {"NO_PROXY": "127.0.0.1"}
        done = subprocess.run(
            command, cwd=PROJECT, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr
        return done

    with serving() as serve:
        serve_folder(systems, serve, lambda *at, **values: given.update({at: values}))
        write_configuration(tmp_path / ".dlt", given)
        checked = run("doctor", "--connect").stdout
        assert "ok      shopify/laden/orders: ok" in checked
        assert "ok      d365_bc/gmbh/customers: ok" in checked
        started = run("init", company).stdout
        assert f"Next: make daily COMPANY={company}" in started
        assert f"wrote {company}/field_map_match_keys.csv" in started
        stores = company / "field_map_stores.csv"
        assert ",gmbh,,,true" in stores.read_text()
        stores.write_text(stores.read_text().replace(",gmbh,,,true", ",gmbh,,SHP-,true"))
        day = run("daily", "--company", company, "--as-of", "2026-04-12").stdout
    assert "1 customer   OK" in day and "EUR 119.00" in day
    assert "WARNING match_key_source_fields_occur" in day and "test_failures." in day
    assert "of 4" not in day and "PASS" not in day, "the output of dbt is in its own log"
    assert len(day.splitlines()) < 90, day
    log = (tmp_path / "warehouse/logs/dbt.log").read_text()
    assert "PASS=" in log
