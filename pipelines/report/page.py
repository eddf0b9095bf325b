"""Renders the template."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.report import charts, scripts, wording

FILTERS = (
    wording.words, wording.words_each, wording.count, wording.change, wording.money, wording.day,
    wording.moment, wording.rated, wording.spaced, wording.percent, charts.picture,
)  # fmt: skip


def render(content: dict[str, Any]) -> str:
    """The page as one HTML text. Everything from data is escaped by the template engine."""
    code, style = [scripts.own("page.js")], [scripts.own("page.css")]
    if content["worklist"]:
        code.insert(0, scripts.datatables())
    environment = Environment(
        loader=PackageLoader("pipelines.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {function.__name__: function for function in FILTERS}
    # ASCII only, without characters special to a parser
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": True, "separators": (",", ":")}
    return environment.get_template("page.html").render(
        **content, scripts=code, styles=style, policy=scripts.policy(code, style)
    )
