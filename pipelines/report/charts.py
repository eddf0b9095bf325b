"""Trend lines: the daily values of a card as SVG, by Vega-Altair and vl-convert."""

from __future__ import annotations

from datetime import date

import altair
import vl_convert
from markupsafe import Markup

from pipelines.report.wording import count, day

INK = "currentColor"  # the colour of the surrounding text, light or dark

Points = list[tuple[date, int | None]]


def trend(points: Points, threshold: int | None, is_wide: bool) -> Markup:
    """The line of (date, value) as an SVG element; a date without a value interrupts it.

    Contains only numbers and dates, so it is safe as markup. The threshold is the dashed line.
    """
    ends = [str(points[0][0]), str(points[-1][0])]
    layers = [
        _values(points, ends).mark_line(
            color=INK, strokeWidth=1.75, invalid="break-paths-show-domains"
        ),
        _values(points[-1:], ends).mark_point(color=INK, filled=True, size=30, opacity=1),
    ]
    if threshold is not None:
        layers.append(_threshold(threshold))
    chart = (
        altair.layer(*layers)
        .properties(width=420 if is_wide else 250, height=104 if is_wide else 64)
        .configure(background="transparent", padding=2)
        .configure_view(stroke=None)
        .configure_axis(
            **{"labelColor": INK, "labelFontSize": 11, "labelPadding": 4, "ticks": False},
            **{"gridColor": INK, "gridOpacity": 0.12, "domainColor": INK, "domainOpacity": 0.3},
        )
    )
    return Markup(vl_convert.vegalite_to_svg(chart.to_json()))


def trend_in_words(points: Points) -> str:
    """A description of the line for screen readers."""
    measured = [(at, value) for at, value in points if value is not None]
    values = [value for _, value in measured]
    (first_day, first), (last_day, last) = measured[0], measured[-1]
    return (
        f"{len(measured)} days: {count(first)} on {day(first_day)}, {count(last)} on "
        f"{day(last_day)}, lowest {count(min(values))}, highest {count(max(values))}"
    )


def _values(points: Points, ends: list[str]) -> altair.Chart:
    rows = [{"day": str(at), "value": value} for at, value in points]
    days = altair.Axis(format="%-d %b", values=ends, labelFlush=True, grid=False)
    numbers = altair.Axis(tickCount=3, format="d", domain=False)
    return altair.Chart(altair.Data(values=rows)).encode(
        x=altair.X("day:T", title=None, axis=days),
        y=altair.Y("value:Q", title=None, axis=numbers),
    )


def _threshold(value: int) -> altair.Chart:
    rule = altair.Chart(altair.Data(values=[{"value": value}]))
    return rule.mark_rule(color=INK, strokeDash=[3, 3], strokeWidth=1, opacity=0.6).encode(
        y="value:Q"
    )
