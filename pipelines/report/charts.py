"""Trend lines: the daily values of a card as SVG, by Vega-Lite and vl-convert."""

import json
from datetime import date
from importlib.resources import files

import vl_convert
from markupsafe import Markup

from pipelines.report.wording import count, day

SPEC = files("pipelines.report").joinpath("templates/trend.json")

Points = list[tuple[date, int | None]]


def trend(points: Points, threshold: int | None, is_wide: bool) -> Markup:
    """The line as an SVG element, of numbers and dates only, so safe as markup; a date without a
    value interrupts it. The threshold is the dashed line."""
    spec = json.loads(SPEC.read_text("utf-8"))
    rows = [{"day": str(at), "value": value} for at, value in points]
    spec["width"], spec["height"] = (420, 104) if is_wide else (250, 64)
    spec["encoding"]["x"]["axis"]["values"] = [rows[0]["day"], rows[-1]["day"]]
    spec["datasets"] = {"points": rows, "last": rows[-1:], "threshold": [{"value": threshold}]}
    if threshold is None:
        del spec["layer"][-1]
    return Markup(vl_convert.vegalite_to_svg(spec))


def trend_in_words(points: Points) -> str:
    """A description of the line for screen readers."""
    measured = [(at, value) for at, value in points if value is not None]
    values = [value for _, value in measured]
    (first_day, first), (last_day, last) = measured[0], measured[-1]
    return (
        f"{len(measured)} days: {count(first)} on {day(first_day)}, {count(last)} on "
        f"{day(last_day)}, lowest {count(min(values))}, highest {count(max(values))}"
    )
