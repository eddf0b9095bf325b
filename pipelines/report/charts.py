"""Pictures as inline SVG, by Vega-Lite and vl-convert (templates/charts)."""

import json
from datetime import date
from decimal import Decimal
from importlib.resources import files

import vl_convert
from markupsafe import Markup

from pipelines.report.wording import count, day

CHARTS = files("pipelines.report").joinpath("templates/charts")

Points = list[tuple[date, int | Decimal | None]]


def picture(rows: list[dict[str, object]], name: str) -> Markup:
    """The rows as the chart of that name. Vega escapes texts, so it is safe as markup."""
    spec = _spec(name) | {"datasets": {"rows": rows}}
    return Markup(vl_convert.vegalite_to_svg(json.dumps(spec, default=str)))


def trend(points: Points, threshold: int | None, is_wide: bool, is_money: bool) -> Markup:
    """The line; a date without a value interrupts it. The threshold is the dashed line."""
    spec = _spec("trend")
    rows = [{"day": str(at), "value": value and float(value)} for at, value in points]
    spec["width"], spec["height"] = (420, 96) if is_wide else (250, 64)
    spec["encoding"]["x"]["axis"]["values"] = [rows[0]["day"], rows[-1]["day"]]
    spec["encoding"]["y"]["axis"]["format"] = "~s" if is_money else "d"
    spec["datasets"] = {"points": rows, "last": rows[-1:], "threshold": [{"value": threshold}]}
    if threshold is None:
        del spec["layer"][-1]
    return Markup(vl_convert.vegalite_to_svg(spec))


def _spec(name: str) -> dict[str, object]:
    look, own = (json.loads(CHARTS.joinpath(f"{one}.json").read_text()) for one in ("look", name))
    return look | own


def trend_in_words(points: Points) -> str:
    """A description of the line for screen readers."""
    measured = [(at, value) for at, value in points if value is not None]
    values = [value for _, value in measured]
    (first_day, first), (last_day, last) = measured[0], measured[-1]
    return (
        f"{len(measured)} days: {count(first)} on {day(first_day)}, {count(last)} on "
        f"{day(last_day)}, lowest {count(min(values))}, highest {count(max(values))}"
    )
