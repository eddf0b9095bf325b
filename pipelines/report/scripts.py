"""Scripts and styles of the page: DataTables, our own, and their hashes.

DataTables 2 with Buttons comes from the Python package itables, which ships it as one ES module
with all licence notes; it is inserted when the page is written, never committed.
"""

import base64
import hashlib
import re
from importlib.metadata import version
from importlib.resources import files

from markupsafe import Markup

from pipelines.settings import InputError

EXPORT = re.compile(r"\bexport\s*\{([^{}]*)\}\s*;?")
DEFAULT = re.compile(r"([\w$]+)\s+as\s+default")


def datatables() -> Markup:
    """The module of DataTables, with its default export as `globalThis.DataTable`."""
    text = files("itables").joinpath("html/dt_bundle.js").read_text("utf-8")
    exports = EXPORT.findall(text)
    default = DEFAULT.search(exports[0]) if len(exports) == 1 else None
    if default is None:
        raise InputError(
            f"itables {version('itables')} ships no usable DataTables module; "
            "install the pinned requirements (`make setup`)."
        )
    return _inside_html(EXPORT.sub(f"globalThis.DataTable = {default[1]};", text))


def own(name: str) -> Markup:
    return _inside_html(files("pipelines.report").joinpath(f"templates/{name}").read_text("utf-8"))


def policy(scripts: list[Markup], styles: list[Markup]) -> str:
    """The Content-Security-Policy: only these scripts and styles, no requests."""
    return (
        f"default-src 'none'; script-src {_hashes(scripts)}; style-src {_hashes(styles)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hashes(texts: list[Markup]) -> str:
    digests = (hashlib.sha256(text.encode("utf-8")).digest() for text in texts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def _inside_html(text: str) -> Markup:
    """Code that is safe within its element: `<!--`, `<script` and `</script` are special to the
    HTML parser; they occur only in strings and regular expressions, where an escape is
    equivalent."""
    return Markup(re.sub(r"<(?=!--|/?(?:script|style))", r"\\x3c", text.replace("\r\n", "\n")))
