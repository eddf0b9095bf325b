"""Shows the progress of a load: a bar on a terminal, otherwise a line per resource."""

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn


class LoadProgress(Progress):
    """A context manager; `add_bytes` takes bytes read, `begin` names what is read now."""

    def __init__(self, console: Console, total_bytes: int) -> None:
        super().__init__(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self.add_task("reading", total=total_bytes)

    def add_bytes(self, count: int) -> None:
        self.advance(self.task_ids[0], count)

    def begin(self, title: str) -> None:
        self.update(self.task_ids[0], description=title)
        if not self.console.is_terminal:
            self.console.print(title, highlight=False)
