"""Shows the progress of a load: a bar on a terminal, otherwise a line per resource."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn


class LoadProgress:
    """A context manager; `advance` takes bytes read, `begin` the current resource."""

    def __init__(self, console: Console, total_bytes: int) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("reading", total=total_bytes)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def advance(self, count: int) -> None:
        self._bar.advance(self._task, count)

    def begin(self, title: str) -> None:
        self._bar.update(self._task, description=title)
        if not self._console.is_terminal:
            self._console.print(title, highlight=False)
