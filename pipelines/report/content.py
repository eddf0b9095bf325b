"""The content of the page as one dictionary: cards, headline split, differences, freshness."""

import re
from datetime import date, timedelta
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from pipelines.publish.cards import HEADLINE
from pipelines.report import wording
from pipelines.report.charts import Points, trend, trend_in_words
from pipelines.report.differences import differences
from pipelines.report.published import Published, Row, has_query
from pipelines.report.worklist import worklist
from pipelines.settings import PROJECT, InputError, shown

CARD_TEXTS = PROJECT / "models" / "marts" / "cards" / "_cards.md"
CARD_TEXT = re.compile(r"{% docs card_(\w+) %}\n(.*?){% enddocs %}", re.DOTALL)
MEASURED = ("ok", "alert")
TREND_DAYS = 60
TOP_CUSTOMERS = 10
FIGURES = "of_how_many by_day pareto by_entity_and_segment".split()
FIGURES_OF_PEOPLE = "changes by_age".split()

Content = dict[str, Any]


def page_content(published: Published, manifest: dict[str, Any]) -> Content:
    """Everything the template shows. Raises InputError if no card is published."""
    texts = card_texts()
    cards = [
        _card(published, row) | {"text": texts.get(row["card_id"])}
        for row in published.rows("cards")
    ]
    if not cards:
        raise InputError(f"{shown(published.path)} has no card; run `make run`.")
    headline = next((card for card in cards if card["card_id"] == HEADLINE), None)
    is_measured = headline is not None and headline["is_measured"]
    return {
        "as_of": cards[0]["as_of_date"],
        "as_of_at": cards[0]["as_of_at"],
        "published_at": manifest.get("published_at"),
        "built_at": manifest.get("built_at"),
        "run_id": manifest.get("run_id"),
        "currency": cards[0]["reporting_currency_code"],
        "headline": headline,
        "split": _split(published) if is_measured else None,
        "figures": _figures(published) if is_measured else None,
        "cards": [card for card in cards if card is not headline],
        "has_people": published.has_worklist,
        "worklist": worklist(published) if is_measured and published.has_worklist else None,
        "decisions": published.rows("decisions") if published.has_worklist else [],
        "differences": differences(published) if is_measured else None,
        "masters": published.rows("masters"),
        "stores": published.rows("stores"),
        "flows": published.rows("flows"),
        "flow_health": published.rows("flow_health", as_of=cards[0]["as_of_date"]),
        "rejected": published.rows("rejected") if published.has_worklist else None,
    }


def card_texts() -> dict[str, Markup]:
    """Card id → what it counts, leaves out, why it may differ, what to do, as HTML."""
    markdown = MarkdownIt("commonmark", {"html": False})
    texts = CARD_TEXT.findall(CARD_TEXTS.read_text("utf-8"))
    return {card_id: Markup(markdown.render(text)) for card_id, text in texts}


def _figures(published: Published) -> Content:
    """The rows of the pictures of the headline, each of the query of its name."""
    names = FIGURES + FIGURES_OF_PEOPLE if published.has_worklist else FIGURES
    return dict.fromkeys(FIGURES_OF_PEOPLE) | {name: published.rows(name) for name in names}


def _card(published: Published, row: Row) -> Content:
    is_measured = row["state"] in MEASURED
    days = row["window_days"] or 1
    has_before = is_measured and row["previous_value"] is not None
    breakdown = f"breakdown_{row['card_id']}"
    return row | {
        "is_measured": is_measured,
        "window": wording.window(
            row["as_of_date"], row["window_days"], row["grace_days"], row["window_text"]
        ),
        "previous_day": row["as_of_date"] - timedelta(days=days),
        "change": row["value"] - row["previous_value"] if has_before else None,
        "trend": _trend(published, row, "value", row["threshold"]),
        "money_trend": (
            _trend(published, row, "reporting_value", None) if row["card_id"] == HEADLINE else None
        ),
        "breakdown": published.rows(breakdown) if is_measured and has_query(breakdown) else [],
    }


def _trend(published: Published, row: Row, name: str, threshold: int | None) -> Content:
    """The line, its description and rows; no line for fewer than two measured days."""
    card_id, as_of = row["card_id"], row["as_of_date"]
    rows = published.rows(
        "history", card_id=card_id, as_of=as_of, start=as_of - timedelta(days=TREND_DAYS - 1)
    )
    found = {one["as_of_date"]: one[name] for one in rows}
    measured = [at for at, value in found.items() if value is not None]
    if len(measured) < 2:
        return {"svg": None, "is_money": False, "first_day": measured[0] if measured else None}
    points = _daily(found, min(found), as_of)
    return {
        "svg": trend(points, threshold, card_id == HEADLINE, is_money=name != "value"),
        "in_words": trend_in_words(points),
        "is_money": name != "value",
        "days": list(reversed(points)),
        "gap_count": sum(value is None for _, value in points),
        "backfilled_count": sum(bool(one["is_backfilled"]) for one in rows),
    }


def _daily(values: dict[date, Any], first: date, last: date) -> Points:
    dates = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [(at, values.get(at)) for at in dates]


def _split(published: Published) -> Content:
    """Breakdowns of the headline. Rows: label, customers, value, unrated_count."""
    segments = published.rows("by_segment")
    return {
        "segments": segments,
        "unrated_count": sum(row["unrated_count"] for row in segments),
        "platforms": published.rows("by_platform"),
        "entities": published.rows("by_entity"),
        "top": published.rows("top", top=TOP_CUSTOMERS) if published.has_worklist else None,
    }
