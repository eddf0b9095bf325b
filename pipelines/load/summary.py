"""The summary of a load: one line per resource, then ignored files and problems."""

from rich.console import Console

from pipelines.console import table_of
from pipelines.load.batches import LoadReport

COUNTS = ("rows read", "loaded", "rejected", "in table", "seconds")


def print_load(report: LoadReport, console: Console) -> None:
    """A table of the outcomes; unchanged resources share one line."""
    done = [result for result in report.results if result.outcome != "unchanged"]
    unchanged = len(report.results) - len(done)
    if done:
        table = table_of(
            "source", "instance", "resource", *COUNTS, "outcome", numbers=", ".join(COUNTS)
        )
        for result in done:
            counts = (result.rows_read, result.rows_loaded, result.rows_rejected, result.row_count)
            table.add_row(
                result.batch.resource.source,
                result.batch.instance,
                result.batch.resource.name,
                *(f"{count:,}" for count in counts),
                f"{result.seconds:.1f}",
                ": ".join(filter(None, (result.outcome, not result.is_faulty and result.message))),
            )
        console.print(table)
    if unchanged:
        console.print(f"{unchanged} resources are unchanged since the last load.", highlight=False)
    for ignored in report.ignored:
        console.print(f"Not read: {ignored}", highlight=False, markup=False)
    rejected = sum(result.rows_rejected for result in report.results)
    if rejected:
        console.print(
            f"[yellow]{rejected:,} {'record was' if rejected == 1 else 'records were'} rejected; "
            "raw_load.rejects has file, line and reason.[/yellow]",
            highlight=False,
        )
    for warning in (text for result in report.results for text in result.warnings):
        console.print(warning, style="yellow", highlight=False, markup=False)
    for problem in report.problems:
        console.print(f"ERROR {problem}", style="red", highlight=False, markup=False)
