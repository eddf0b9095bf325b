"""E-mail keys: canonical form, validity and internationalised domains."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_files import macros, python_model

domains = python_model("int_email_domains")


def evaluate(expression: str, text: str) -> object:
    row = duckdb.execute(
        f"select {expression} from (select $1::varchar as text)", [text]
    ).fetchone()
    assert row is not None
    return row[0]


def canonical_email(text: str) -> object:
    return evaluate(macros().canonical_email("text"), text)


def is_valid_email(text: str) -> object:
    return evaluate(macros().is_valid_email("text"), text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" Ann@X.Test ", "ann@x.test"),
        ("\tann@x.test\r\n", "ann@x.test"),
        ("\u00a0ann@x.test\u00a0", "ann@x.test"),
        ("mailto:Ann@x.test", "ann@x.test"),
        ("<ann@x.test>", "ann@x.test"),
        ("Info@BÜCHER.example", "info@bücher.example"),
        ("a.b+c@gmail.com", "a.b+c@gmail.com"),
    ],
)
def test_emails_are_trimmed_and_lower(text: str, expected: str) -> None:
    assert canonical_email(text) == expected


@given(st.from_regex(r"[a-zA-Z0-9.+_-]{1,12}@[a-z0-9-]{1,8}\.[a-z]{2,6}", fullmatch=True))
@settings(max_examples=80, deadline=None)
def test_the_canonical_form_is_stable(text: str) -> None:
    once = canonical_email(text)
    assert canonical_email(str(once)) == once
    assert canonical_email(f"  {text.upper()} ") == once


@pytest.mark.parametrize(
    "text",
    [
        "a@x.test",
        "a.b+c@sub.x-y.test",
        "info@bücher.example",
        "info@xn--bcher-kva.example",
        "o'neil@x.test",
    ],
)
def test_valid_addresses(text: str) -> None:
    assert is_valid_email(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "@x.test",
        "a@",
        "a@x",
        "a@b@x.test",
        "a..b@x.test",
        ".a@x.test",
        "a.@x.test",
        "a@x..test",
        "a@.test",
        "a@x.test.",
        "a;b@x.test",
        "n/a",
        "-",
        "",
    ],
)
def test_invalid_addresses(text: str) -> None:
    assert is_valid_email(text) is False


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("", None),
        ("ü..example", None),
    ],
)
def test_domains_have_one_ascii_form(domain: str, expected: str | None) -> None:
    assert domains.ascii_domain(domain) == expected


def test_the_table_of_domains_is_typed() -> None:
    table = domains.encoded_domains(["bücher.example", "ü..example"])
    assert table.schema == domains.SCHEMA
    assert table.column(1).to_pylist() == ["xn--bcher-kva.example", None]
    assert domains.encoded_domains([]).schema == domains.SCHEMA


@given(st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_the_encoding(text: str) -> None:
    encoded = domains.ascii_domain(text)
    assert encoded is None or encoded.isascii()
