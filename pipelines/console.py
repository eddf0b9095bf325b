"""How commands print: tables for people."""

from rich.table import Table


def table_of(*columns: str, numbers: str = "") -> Table:
    """An open table; the columns that `numbers` names are right-aligned."""
    table = Table(box=None, pad_edge=False)
    for name in columns:
        table.add_column(name, justify="right" if name in numbers.split(", ") else "left")
    return table


def one_line(text: str) -> str:
    """A text of a shop as a line of signs that can be seen: a direction override or an escape code
    would change what a terminal shows."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
