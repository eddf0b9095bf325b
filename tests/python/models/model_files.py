"""Python models by path, and the SQL of macros, without a dbt run."""

from __future__ import annotations

import datetime
import importlib.util
import re
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import jinja2
import pytz

ROOT = Path(__file__).parents[3]
MACRO_FILES = (
    "dialect.sql", "values.sql", "enums.sql", "casts.sql", "keys.sql", "as_of.sql", "narrowing.sql", "one_line.sql",
)  # fmt: skip


class MacroReturnError(Exception):
    """The value a macro passed to ``return()``."""

    def __init__(self, value: Any) -> None:
        super().__init__("a macro returned")
        self.value = value


class MacroCallError(Exception):
    """A macro rejected its input (``exceptions.raise_compiler_error``)."""


@cache
def python_model(name: str) -> ModuleType:
    """Import the Python model of that name from models/**."""
    (path,) = (ROOT / "models").rglob(f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def refuse(message: str) -> None:
    """Replace dbt's raise_compiler_error."""
    raise MacroCallError(message)


def _module(model: str) -> Any:
    """The macros of the project as a Jinja module, plus the text of a model."""
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    source = "\n".join((ROOT / "macros" / name).read_text() for name in MACRO_FILES)
    template = environment.from_string(f"{source}{{% macro model() %}}{model}{{% endmacro %}}")
    module_globals: dict[str, Any] = {}

    def dispatch(name: str, _package: str) -> Any:
        return getattr(module_globals["module"], f"duckdb__{name}")

    context = {
        "adapter": SimpleNamespace(dispatch=dispatch),
        "return": lambda value: value,
        "var": lambda name, default=None: default,
        "ref": lambda name: name,
        "config": lambda **_: "",
        "source": lambda schema, table: f"{schema}.{table}",
        "modules": SimpleNamespace(re=re, pytz=pytz, datetime=datetime),
        "exceptions": SimpleNamespace(raise_compiler_error=refuse),
        "run_started_at": None,
    }
    module_globals["module"] = template.make_module(context)
    return module_globals["module"]


@cache
def macros() -> Any:
    """Return the macros of the project as Python functions that give DuckDB SQL.

    ``ref('x')`` gives x, ``source('s', 'x')`` s.x, ``var()`` nothing.
    """
    return _module("")


def model_sql(text: str) -> str:
    """Return the DuckDB SQL of a model, on tables named like its refs and sources."""
    return str(_module(text).model())


def as_of(given: Any, time_zone: str, run_started_at: datetime.datetime) -> dict[str, Any]:
    """Return the result of macro as_of(): at, date, run_at, run_date, is_whole_day."""
    environment = jinja2.Environment()

    def give_back(value: Any) -> None:
        raise MacroReturnError(value)

    context = {
        "return": give_back,
        "var": lambda name, default=None: {"as_of": given, "reporting_timezone": time_zone}[name],
        "env_var": lambda name, default: default,
        "modules": SimpleNamespace(re=re, pytz=pytz, datetime=datetime),
        "exceptions": SimpleNamespace(raise_compiler_error=refuse),
        "run_started_at": run_started_at,
    }
    module = environment.from_string((ROOT / "macros/as_of.sql").read_text()).make_module(context)
    try:
        module.as_of()
    except MacroReturnError as answer:
        return answer.value
    raise AssertionError("the macro as_of() returned nothing")
