"""Statements of the published set, the page and the alerts about data never loaded.

Not loaded is not empty: every text about such a resource says so, and every figure that needs it is
NULL. Card titles are names, not statements.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any

from duckdb import DuckDBPyConnection as Connection
from machine import Machine
from pieces import Installation
from rich.console import Console

from pipelines.notify.send import preview_alerts
from pipelines.report import write_report
from pipelines.settings import Warehouse

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SAYS_SO = re.compile(r"not.loaded|never loaded|no .*loaded|not.configured|not.available", re.I)
# tables of names and rules, equal in every installation
FIXED = (
    "dim_onboarding_actions", "dim_key_combinations", "dim_cards", "dim_dates",
    "dim_customer_templates", "dim_d365_field_limits", "data_dictionary",
)  # fmt: skip
# every innermost element that reads as one sentence or line; table captions and column heads are
# labels, not statements
READ = "tbody tr, p, li, h1, h2, h3, h4, dl > div, summary, figcaption"
UNITS = f"""root => [...root.querySelectorAll("{READ}")]
    .filter(one => !one.querySelector("{READ}") && one.checkVisibility())
    .map(one => one.innerText.replace(/\\s+/g, " ").trim())"""


@dataclass(frozen=True)
class Topic:
    """Data a company may not load, the words about it, the columns that need it."""

    name: str
    resources: tuple[str, ...]
    words: str
    columns: str

    def is_loaded(self, one: Installation) -> bool:
        return any(one.has(name) for name in self.resources)


TOPICS = (
    Topic("Dataverse", ("dataverse.accounts",), r"dataverse", r"dataverse"),
    Topic("flows", ("power_automate",), r"\bflows?\b|flow_failed", r"(^|_)flows?_|flow_run"),
    Topic(
        "quotes",
        ("shopify.draft_orders", "bigcommerce.quotes", "adobe_commerce.negotiable_quotes"),
        r"\bquotes?\b|\bdrafts?\b|quote_only",
        r"quote",
    ),
    Topic(
        "documents",
        ("d365_fo.sales_orders", "d365_bc.sales_orders"),
        r"\bposted\b|without a sales order",
        r"^(already_)?posted_value",
    ),
)  # fmt: skip


def claims(machine: Machine, one: Installation, shown: list[tuple[str, str]]) -> list[str]:
    """Every text and figure about data this installation never loaded.

    `shown`: (where, text) of what people see in addition to the published set: page and alerts.
    """
    topics = [topic for topic in TOPICS if not topic.is_loaded(one)]
    if not topics:
        return []
    with machine.opened() as connection:
        names = [
            name
            for row in connection.execute("select title, card_id from cards.card_values").fetchall()
            for name in row
        ]
        texts = published_texts(connection)
        found = [f"{topic.name}: {one}" for topic in topics for one in figures(connection, topic)]
    for place, text in texts + shown:
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, "")
        if not SAYS_SO.search(text):
            found += [
                f"{topic.name}: {place}: {text}"
                for topic in topics
                if re.search(topic.words, text, re.I)
            ]
    return sorted(set(found))


def columns_of(connection: Connection) -> list[tuple[str, str, str]]:
    """(table with schema, column, type) of the published set, without the fixed tables."""
    rows = connection.execute(
        "select table_schema, table_name, column_name, data_type from information_schema.columns"
        " where column_name <> 'unit'"
    ).fetchall()
    return [(f"{s}.{table}", column, kind) for s, table, column, kind in rows if table not in FIXED]


def published_texts(connection: Connection) -> list[tuple[str, str]]:
    """(table, texts of a row) of the published set, without ids and keys."""
    columns: dict[str, list[str]] = {}
    for table, column, kind in columns_of(connection):
        if kind == "VARCHAR" and not column.endswith(("_id", "_key")):
            columns.setdefault(table, []).append(f'"{column}"')
    return [
        (table, text)
        for table, names in columns.items()
        for (text,) in connection.execute(
            f"select distinct concat_ws(' | ', {', '.join(names)}) from {table}"
        ).fetchall()
    ]


def figures(connection: Connection, topic: Topic) -> list[str]:
    """The figures and flags that need the topic and are not NULL."""
    return [
        f"{table}.{column} is {value}"
        for table, column, kind in columns_of(connection)
        if (kind in ("BOOLEAN", "BIGINT", "INTEGER") or kind.startswith("DECIMAL"))
        and re.search(topic.columns, column)
        for (value,) in values_of(connection, table, column)
    ]


def values_of(connection: Connection, table: str, column: str) -> list[tuple[Any]]:
    """The distinct values of a column, without NULL."""
    sql = f'select distinct "{column}" from {table} where "{column}" is not null'
    return connection.execute(sql).fetchall()


def alert_texts(machine: Machine) -> list[tuple[str, str]]:
    """The messages that would be sent, line by line."""
    said = StringIO()
    preview_alerts(Warehouse(machine.warehouse), Console(file=said, width=10_000))
    return [("alert", line) for line in said.getvalue().splitlines()]


def page_texts(machine: Machine, browser: Browser) -> list[tuple[str, str]]:
    """What the page shows with every row of the worklist open."""
    path = write_report(Warehouse(machine.warehouse))
    page = browser.new_page()
    try:
        page.goto(path.resolve().as_uri())
        for opener in page.locator("#worklist button.opener").all():
            opener.click()
        return [("page", text) for text in page.evaluate(f"({UNITS})(document.body)")]
    finally:
        page.close()


def unsaid(reason: str, where: str, texts: list[tuple[str, str]]) -> list[str]:
    """A problem when the reason of a card is not shown word for word everywhere."""
    wanted = "".join(reason.split())
    if any(wanted in "".join(text.split()) for place, text in texts if place == where):
        return []
    return [f"{where} does not say: {reason}"]
