"""Tax ids: the check of int_tax_id_checks; the canonical form against python-stdnum."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from model_files import ROOT, macros, python_model
from stdnum.eu import vat
from tax_id_world import PREFIX, countries, valid_numbers, ways

tax_ids = python_model("int_tax_id_checks")
spellings = python_model("int_key_spellings")

# valid numbers with their country (examples from the python-stdnum documentation)
VALID = {
    "BE0403019261": "BE",
    "DE136695976": "DE",
    "ESB58378431": "ES",
    "FR83404833048": "FR",
    "NL004495445B01": "NL",
    "EL094259216": "GR",
    "IT00743110157": "IT",
    "PL8567346215": "PL",
    "ATU13585627": "AT",
    "SE123456789701": "SE",
    "DK13585628": "DK",
    "PT501964843": "PT",
}


def canonical(text: str, country_code: str | None) -> str | None:
    """Run the project's SQL: the canonical text, then its key."""
    sql = macros()
    cleaned = sql.canonical_tax_id("part_text")
    prefixes = "', '".join(sorted(set(VALID.values()) | {"GB", "US"}))
    value = sql.tax_id_key("text", "country_code", f"left(text, 2) in ('{prefixes}')")
    query = (
        f"select {value} from (select {cleaned} as text, country_code "
        "from (select $1::varchar as part_text, $2::varchar as country_code))"
    )
    row = duckdb.execute(query, [text, country_code]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(("number", "country"), VALID.items())
def test_prefixed_and_bare_numbers_are_the_same_key(number: str, country: str) -> None:
    compact = vat.compact(number)
    expected = country + compact[2:]
    bare = compact[2:]
    assert canonical(number, country) == expected
    assert canonical(number, "US") == expected, "the prefix decides, not the country of the order"
    if bare[:2].isdigit() or bare[:2] not in VALID.values():
        assert canonical(bare, country) == expected


@given(
    st.sampled_from(sorted(VALID)),
    st.lists(st.sampled_from([" ", ".", "-", "/", ""]), min_size=20, max_size=20),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_separators_and_case_do_not_matter(number: str, separators: list[str], lower: bool) -> None:
    spelled = "".join(sum(zip(number, separators, strict=False), ()))
    country = VALID[number]
    text = spelled.lower() if lower else spelled
    assert canonical(text, None) == country + vat.compact(number)[2:]


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("XI 110305878", "GB", "XI110305878"),
        ("110305878", "GB", "GB110305878"),
        ("el 094259216", "US", "GR094259216"),
        ("12-3456789", "US", "US123456789"),
        ("12-3456789", None, "123456789"),
        ("DE136695976 (EU)", None, "DE136695976"),
        ("DE136695976 07/09/2023", None, "DE136695976"),
        ("136695976 7.9.2023", "DE", "DE136695976"),
        ("136695976, 2023-09-07", "DE", "DE136695976"),
        ("DE 136/695/976 07-09-2023 ", "DE", "DE136695976"),
        ("136695976 agent", "DE", "DE136695976"),
        ("DE136695976 Steuer agent", "DE", "DE136695976"),
        ("136695976 - pending 07/09/2023", "DE", "DE136695976"),
        ("NL 004495445 B01", None, "NL004495445B01"),
        ("1234567 WA", "IE", "IE1234567WA"),
        ("NO 923 609 016 MVA", None, "NO923609016MVA"),
        ("12 07/09/2023", "DE", "DE12"),
        ("136695976 Köln", "DE", "DE136695976"),
        ("136695976 S.R.L.", "DE", "DE136695976SRL"),
        ("123 456 78 9012", "DE", "DE123456789012"),
        ("DE 136 695 976 [EU].", "DE", "DE136695976"),
        ("12-3456789 (EIN no.)", "US", "US123456789"),
        ("FR 83 404 833 048 - TVA", None, "FR83404833048"),
        ("136695976 VAT", "DE", "DE136695976"),
        ("(DE) 136695976", "US", "DE136695976"),
        ("DE 136 695 976 (1)", None, "DE1366959761"),
        ("(VAT)", "DE", "DE"),
    ],
)
def test_canonical_tax_ids(text: str, country: str | None, expected: str) -> None:
    assert canonical(text, country) == expected


@pytest.mark.parametrize(("number", "country"), VALID.items())
def test_valid_numbers_are_valid_and_a_wrong_digit_is_not(number: str, country: str) -> None:
    key = country + vat.compact(number)[2:]
    assert tax_ids.is_valid(key) is True
    digits = [position for position in range(2, len(key)) if key[position].isdigit()]
    wrong = [
        key[:position] + str((int(key[position]) + 1) % 10) + key[position + 1 :]
        for position in digits
    ]
    assert False in {tax_ids.is_valid(text) for text in wrong}, "no wrong digit is detected"


def test_northern_ireland_follows_the_rule_of_the_united_kingdom() -> None:
    assert tax_ids.is_valid("XI980780684") is True
    assert tax_ids.is_valid("XI980780685") is False


@pytest.mark.parametrize(
    "key", ["NO923609016", "CH116281710", "NO923609016MVA", "CHE116281710MWST"]
)
def test_a_key_without_the_letters_around_its_number_is_checked(key: str) -> None:
    assert tax_ids.is_valid(key) is True
    assert tax_ids.is_valid(key.replace("6", "7", 1)) is False


def test_both_models_know_the_same_letters_around_a_number() -> None:
    """A Python model of dbt imports no module of the project, so the letters are written twice."""
    assert tax_ids.WHOLE == spellings.WHOLE


@pytest.mark.parametrize("unknown", ["ZZ1234567", "AQ12345", "123456789"])
def test_a_country_without_a_rule_is_unknown_not_wrong(unknown: str) -> None:
    assert tax_ids.is_valid(unknown) is None


def test_the_table_is_typed_and_keeps_every_number() -> None:
    table = tax_ids.validated(["DE136695976", "DE136695977", "ZZ1"])
    assert table.schema == tax_ids.SCHEMA
    assert table.column(0).to_pylist() == ["DE136695976", "DE136695977", "ZZ1"]
    assert table.column(1).to_pylist() == [True, False, None]
    assert tax_ids.validated([]).schema == pa.schema(tax_ids.SCHEMA)


@example("/")
@example("..1")
@given(st.text(min_size=0, max_size=20))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_check(text: str) -> None:
    assert tax_ids.is_valid(text) in (True, False, None)


def keys_of(written: list[tuple[str, str | None]]) -> list[str]:
    """Return the keys of texts with their country, by the macros and the model of the project."""
    sql = macros()
    connection = duckdb.connect()
    countries_file = next(ROOT.glob("seeds/*/iso_countries.csv"))
    connection.execute(
        f"create table iso as from read_csv('{countries_file}', all_varchar = true, nullstr = '')"
    )
    texts = pa.table(
        {"number": range(len(written)), "text": [text for text, _ in written],
         "country_code": [country for _, country in written]}
    )  # fmt: skip
    connection.register("texts", texts)
    canonical = sql.canonical_tax_id(sql.visible_text("text"))
    several = f"select text from texts where contains({sql.tax_id_list('text')}, ';')"
    assert not connection.execute(several).fetchall(), "one number, read as several"
    read = connection.execute(
        f"select {canonical}, country_code from texts order by number"
    ).fetchall()
    prefixes = connection.execute("select country_code from iso").fetchall()
    spelled = spellings.spelled(
        [("tax_id", text, country) for text, country in read],
        frozenset(code for (code,) in prefixes),
    ).append_column("number", pa.array(range(len(written))))
    connection.register("spelled", spelled)
    value = sql.tax_id_key("spelled_text", "tax_country_code", "prefixes.country_code is not null")
    query = f"""
        select {value} from spelled
        left join iso as countries on spelled.country_code = countries.country_code
        left join (select country_code from iso) as prefixes
            on left(spelled_text, 2) = prefixes.country_code
        order by number
    """
    return [key for (key,) in connection.execute(query).fetchall()]


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("FR40303265045", [("MC40303265045", country) for country in ("FR", "MC", "US", None)]),
        ("FR40303265045", [("FR40303265045", country) for country in ("FR", "MC", "US", None)]),
        ("GB980780684", [("IM 980 7806 84", country) for country in ("GB", "IM", "US", None)]),
        ("GB980780684", [("GB980780684", country) for country in ("GB", "IM", "XI", None)]),
        ("GB980780684", [("980780684", country) for country in ("GB", "IM")]),
        ("GB980780684", [("UK 980 7806 84", country) for country in ("GB", "US", None)]),
        ("MXUKX010101AB1", [("UKX010101AB1", "MX")]),
        ("XI980780684", [("XI980780684", country) for country in ("GB", "XI", "IE", None)]),
        ("MXMXN010101AB1", [("MXN010101AB1", country) for country in ("MX", "US", None)]),
        ("MXMXN010101AB1", [("MXMXN010101AB1", country) for country in ("MX", "US", None)]),
        ("MXELE010101AB1", [("ELE010101AB1", "MX"), ("MXELE010101AB1", None)]),
        ("MXIMX010101AB1", [("IMX010101AB1", "MX"), ("MXIMX010101AB1", "MX")]),
        ("FRAX404833048", [("AX404833048", "FR"), ("AX404833048", "MC"), ("FRAX404833048", None)]),
        ("FRHR303265045", [("FR HR 303265045", "HR"), ("HR303265045", "FR")]),
        ("DE136695976", [("DE136695976", country) for country in ("FR", "DE", "MX", None)]),
        ("FR83404833048", [("FR83404833048", "MX"), ("83 404 833 048", "FR")]),
        ("MC40303265046", [("MC40303265046", "FR")]),  # a wrong check digit: as it is written
        (
            "DE136695976",
            [
                (f"{word}DE136695976", country)
                for country in ("DE", "US", None)
                for word in ("VAT", "VATNR.", "USTID", "VAT:", "ust-idnr", "VatNo", "TAXID")
            ],
        ),
        ("ATU13585627", [("VATATU13585627", "DE"), ("UIDATU 1358 5627", None)]),
        ("CH116281710", [("UIDCHE116281710", None), ("MWSTCHE-116.281.710", "DE")]),
        ("ESB58378431", [("NIFESB58378431", "FR")]),
        ("FRAX404833048", [("TVAINTRACOMMUNAUTAIREFRAX404833048", "DE")]),
        ("NO923609016", [("VATNO923609016", "DE"), ("VATNONO923609016MVA", None)]),
        ("DK13585628", [("CVR13585628", "DK"), ("VAT13585628", "DK"), ("VATID13585628", "DK")]),
        ("AU51824753556", [("ABN51824753556", "AU"), ("ABN51 824 753 556", "AU")]),
        ("IN27AAPFU0939F1ZV", [("GSTIN: 27AAPFU0939F1ZV", "IN")]),
        # of a person or company in Mexico: nine characters behind the letters, and PAN of India
        ("MXVAT850101AB1", [("VAT850101AB1", "MX")]),
        ("MXCUIT850101AB1", [("CUIT850101AB1", "MX")]),
        ("MXCFDE850101AB1", [("CFDE850101AB1", "MX")]),
        ("MXVAT850101123", [("VAT850101123", "MX")]),
        ("VATPL1234F", [("VATPL1234F", "IN")]),
        ("CH116281710", [("CHE-116.281.710", "CH"), ("CHE116281710MWST", None)]),
    ],
)
def test_a_prefix_that_is_also_something_else(
    key: str, written: list[tuple[str, str | None]]
) -> None:
    assert set(keys_of(written)) == {key}


def test_numbers_of_every_country_are_found_in_every_way_of_writing_and_never_meet() -> None:
    written = [
        (country, number, habit, text)
        for country, module in countries().items()
        for number in valid_numbers(country, module)
        for habit, text in ways(country, number).items()
    ]
    assert len({(country, number) for country, number, *_ in written}) >= 650
    keys = keys_of([(text, country) for country, _, _, text in written])
    key_of = {
        (country, number): key
        for (country, number, habit, _), key in zip(written, keys, strict=True)
        if habit == "as it is"
    }
    missed = [
        (habit, text, key)
        for (country, number, habit, text), key in zip(written, keys, strict=True)
        if key != key_of[country, number]
    ]
    assert len(missed) <= 0.005 * len(written), missed
    assert all(habit.startswith("zeros dropped") for habit, *_ in missed), missed
    holders: dict[str, set[str]] = {}
    for (country, number, _, _), key in zip(written, keys, strict=True):
        holders.setdefault(key, set()).add(PREFIX.get(country, country) + number)
    assert not {key: numbers for key, numbers in holders.items() if len(numbers) > 1}, "they meet"
