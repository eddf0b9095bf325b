"""Macros that convert API text to values, evaluated in DuckDB; the as-of instant."""

from __future__ import annotations

import csv
import datetime
from decimal import Decimal

import duckdb
import pytest
from babel import Locale
from model_files import ROOT, MacroCallError, as_of, macros

from pipelines.load.staging import open_staging

RUN_AT = datetime.datetime(2026, 4, 14, 3, 30, tzinfo=datetime.UTC)


def evaluate(macro: str, text: str, *given: str) -> object:
    expression = getattr(macros(), macro)("text", *given)
    row = duckdb.execute(
        f"select {expression} from (select $1::varchar as text)", [text]
    ).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("macro", "text", "expected"),
    [
        ("blank_to_null", "  ", None),
        ("blank_to_null", " a ", "a"),
        ("to_amount", "118.4", Decimal("118.4000")),
        ("to_amount", "9007199254740993.01", None),
        ("to_amount", "90071992547409.0100", Decimal("90071992547409.0100")),
        ("to_amount", "1,5", None),
        ("to_amount", "", None),
        ("gid_number", "gid://shopify/Order/9007199254740993", "9007199254740993"),
        ("gid_number", "77", "77"),
        ("canonical_reference", "# so 1001", "SO1001"),
        ("canonical_reference", " # ", None),
        ("canonical_reference", "SHP-#1001", "SHP-1001"),
        ("canonical_reference", "'0077", "0077"),
        ("visible_text", "\uff23\u2011\uff11\u201302", "C-1-02"),
        ("visible_text", "C-1\x00\x00", "C-1"),
        ("one_line", " Jo\r\n\x00 Li\x00", "Jo Li"),
        ("to_rate", "0.725", Decimal("0.725")),
        ("to_rate", "0", None),
        ("to_rate", "-0.15", None),
        ("guid", "{AAAAAAAA-0000-4000-8000-00000000000F} ", "aaaaaaaa-0000-4000-8000-00000000000f"),
        ("guid", "{00000000-0000-0000-0000-000000000000}", None),
        ("canonical_name", "Müller & Söhne GmbH", "mullersohne"),
        ("canonical_name", "Acme, Inc.", "acme"),
        ("canonical_name", "ÁÀÂÄÃÅ Çé Íñ Óø Śš Úü Ýž ł", "aaaaaaceinoossuuyzl"),
        ("canonical_name", "Incline Ltd", "incline"),
        ("canonical_name", "Sa As Mill ab", "mill"),
        ("utc_timestamp", "2026-04-09T14:03:22Z", datetime.datetime(2026, 4, 9, 14, 3, 22)),
        ("utc_timestamp", "2026-04-09T14:03:22+02:00", datetime.datetime(2026, 4, 9, 12, 3, 22)),
        ("utc_timestamp", "soon", None),
        ("unix_timestamp", "1775743402.0", datetime.datetime(2026, 4, 9, 14, 3, 22)),
        ("unix_timestamp", "1775743402", datetime.datetime(2026, 4, 9, 14, 3, 22)),
    ],
)
def test_text_becomes_a_value(macro: str, text: str, expected: object) -> None:
    duckdb.execute("set timezone = 'UTC'")
    assert evaluate(macro, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-04-12T10:00:00Z[UTC]", "10:00:00"), ("2026-04-12T10:00:00.5Z", "10:00:00.500000"),
        ("2026-04-12T10:00:00+02:00[Europe/Berlin]", "08:00:00"), ("20260412T100000Z", "10:00:00"),
        ("20260412T100000.5+0200", "08:00:00.500000"), ("20260412t100000", "10:00:00"),
        ("2026-04-12t10:00:00z", "10:00:00"), ("2026-04-12T10:00:00,123Z", "10:00:00.123000"),
        ("2026-04-12T10:00:00.123456789Z", "10:00:00.123456"), ("2026-04-12T10:00Z", "10:00:00"),
        ("2026-04-12 10:00:00 -0400", "14:00:00"), ("2026-04-12 10:00:00 -0400 EDT", "14:00:00"),
        ("2026-04-12T10:00:00 Z", "10:00:00"), ("2026-04-12 10:00:00+00:00 UTC", "10:00:00"),
        ("2026-04-12T10:00+02:00", "08:00:00"), ("1775988000", "10:00:00"),
        ("1775988000.0", "10:00:00"), ("1775988000.25", "10:00:00.250000"),
        ("1775988000123", "10:00:00.123000"), ("1775988000123.0", "10:00:00.123000"),
        # a zone without its offset, a name that is no zone, no such day: not read, never guessed
        ("2026-04-12T10:00:00[Europe/Berlin]", None), ("2026-04-12 10:00:00 CEST", None),
        ("2026-02-30T10:00:00Z[UTC]", None), ("20260230T100000Z", None), ("20260412", None),
        ("2026-04-12T10:00:00Z and more", None), ("2026-04-12T10:00:00 PM", None), ("", None),
    ],
)  # fmt: skip
def test_times_in_other_spellings_are_read_alike_by_loader_and_models(
    text: str, expected: str | None
) -> None:
    duckdb.execute("set timezone = 'UTC'")
    with open_staging(":memory:") as con:
        row = con.execute("select parse_time($1)", [text]).fetchone()
    moment = expected and datetime.datetime.fromisoformat(f"2026-04-12T{expected}")
    assert row == (moment,)
    assert evaluate("utc_timestamp", text) == moment


@pytest.mark.parametrize(
    "text", ["1042.0", "#1042.00", " 10 42 ", "1042", "1042\u200b", "\uff11042"]
)
def test_an_order_number_is_compared_without_the_fraction_of_a_double(text: str) -> None:
    assert evaluate("canonical_reference", text) == "1042"


IDS = (
    "811", "811.0", " 811 ", "\u200b811", "gid://shopify/Customer/811", "GID://shopify/customer/811",
    "", "  ", "0", "0.0", "nan", "NaN", "None", "NULL", "(null)", "n/a", "#N/A", "\\N", "-", "true", "[]",
    "[1]", '{"a":1}', "5.5E+12", "5e12", "8a1f", "A-17",
    "gid://shopify/Customer/811?x=1", "-1", "-1.0", "8,00E+11", "'811", '="811"',
    "Guest", "not logged in", "gid://shopify/Customer/Guest", "anonymous_user",
    "gid://shopify/Company/811", "GID://Shopify/Company/811?x=1", " gid://shopify/CustomerX/811",
)  # fmt: skip


@pytest.mark.parametrize("text", IDS)
def test_an_id_in_a_json_column_is_spelled_like_one_in_a_column(text: str) -> None:
    with open_staging(":memory:") as con:
        column = con.execute("select gid_text(id_text($1), 'Customer')", [text]).fetchone()[0]
    assert evaluate("nested_id", text, "Customer") == (column and column.rpartition("/")[2])


def test_a_country_is_known_by_its_name_in_english_and_in_its_own_language() -> None:
    """As shops write it (CLDR): Hong Kong SAR, Trinidad & Tobago, St. Lucia, España."""
    known: dict[str, set[str]] = {}
    for name in ("iso_countries", "country_aliases"):
        (path,) = ROOT.glob(f"seeds/*/{name}.csv")
        for row in csv.DictReader(path.open(encoding="utf-8")):
            for text in set(row.values()) - {"", None}:
                known.setdefault(text.upper(), set()).add(row["country_code"])
    codes = set().union(*known.values())
    written = {name: code for code, name in Locale("en").territories.items() if code in codes} | {
        Locale(code.lower()).territories[code]: code
        for code in ("DE", "ES", "FR", "IT", "NL", "PL", "HU")
    }
    unknown = {name: code for name, code in written.items() if known.get(name.upper()) != {code}}
    assert not unknown


@pytest.mark.parametrize(
    ("given", "time_zone", "at", "date"),
    [
        ("2026-04-12", "America/New_York", "2026-04-13 04:00:00.000000", "2026-04-12"),
        ("2026-04-12", "UTC", "2026-04-13 00:00:00.000000", "2026-04-12"),
        ("2026-04-12T15:30:00Z", "America/New_York", "2026-04-12 15:30:00.000000", "2026-04-12"),
        ("2026-04-13T03:59:59Z", "America/New_York", "2026-04-13 03:59:59.000000", "2026-04-12"),
        ("2026-04-12 15:30:00", "America/New_York", "2026-04-12 19:30:00.000000", "2026-04-12"),
        (
            "2026-04-12T15:30:00+02:00",
            "America/New_York",
            "2026-04-12 13:30:00.000000",
            "2026-04-12",
        ),
        (None, "America/New_York", "2026-04-14 03:30:00.000000", "2026-04-13"),
        (" ", "UTC", "2026-04-14 03:30:00.000000", "2026-04-14"),
    ],
)
def test_as_of_is_the_end_of_a_date_or_an_instant(
    given: str | None, time_zone: str, at: str, date: str
) -> None:
    answer = as_of(given, time_zone, RUN_AT)
    assert (answer["at"], answer["date"]) == (at, date)
    assert answer["run_at"] == "2026-04-14 03:30:00.000000"


@pytest.mark.parametrize(
    ("given", "time_zone", "is_whole_day"),
    [
        ("2026-04-12", "America/New_York", True),
        ("2026-04-13", "UTC", True),
        ("2026-04-13", "America/New_York", False),
        ("2026-04-13T04:00:00Z", "America/New_York", False),
        (None, "UTC", False),
    ],
)
def test_a_day_is_whole_when_it_is_a_date_that_is_over(
    given: str | None, time_zone: str, is_whole_day: bool
) -> None:
    assert as_of(given, time_zone, RUN_AT)["is_whole_day"] == is_whole_day


@pytest.mark.parametrize(
    ("given", "time_zone", "is_refused"),
    [
        ("2026-04-13", "America/New_York", False),
        ("2026-04-14", "America/New_York", True),
        ("2026-04-14", "UTC", False),
        ("2026-04-15", "UTC", True),
        ("2026-04-14T03:30:00Z", "UTC", False),
        ("2026-04-14T03:30:01Z", "UTC", True),
        ("2026-04-13T23:30:01", "America/New_York", True),
        ("2099-01-01", "UTC", True),
    ],
)
def test_an_as_of_in_the_future_is_refused(given: str, time_zone: str, is_refused: bool) -> None:
    """Today is not the future, although a date means its end."""
    if not is_refused:
        as_of(given, time_zone, RUN_AT)
        return
    with pytest.raises(MacroCallError, match="in the future"):
        as_of(given, time_zone, RUN_AT)


@pytest.mark.parametrize(
    "given", ["yesterday", "12.04.2026", "2026-4-12", "2026-04-12; drop table x"]
)
def test_a_strange_as_of_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(MacroCallError, match="give a date"):
        as_of(given, "UTC", RUN_AT)
