"""The command `publish`: publish the last green build, list sets, roll back."""

import click

from pipelines.locking import only_run
from pipelines.publish.memory import remember
from pipelines.publish.retention import roll_back
from pipelines.publish.sets import Place, is_rolled_back, published_place, read_manifest
from pipelines.publish.write import publish
from pipelines.settings import InputError, shown, warehouse


@click.command()
@click.option("--keep", type=int, metavar="N", help="Sets to keep (PUBLISHED_SETS_KEPT, else 5).")
@click.option("--rollback", is_flag=True, help="Roll back to the previous set.")
@click.option("--list", "is_list", is_flag=True, help="Show the published sets.")
@click.option(
    "--without-personal-data",
    is_flag=True,
    help="Work on the sets without schema worklist, in published/without_personal_data.",
)
def command(keep: int | None, rollback: bool, is_list: bool, without_personal_data: bool) -> None:
    """Publish the marts of the last green build."""
    if rollback + is_list + (keep is not None) > 1:
        raise InputError("--keep, --rollback and --list exclude each other; give one of them.")
    target = warehouse()
    place = published_place(target, not without_personal_data)
    if is_list:
        _print_sets(place)
        return
    with only_run(target):
        if rollback:
            before, now = roll_back(place)
            manifest = read_manifest(now)
            click.echo(
                f"{shown(place.root)}: rolled back from set {before.name} to {now.name}, as of "
                f"{manifest.get('as_of')}, built {manifest.get('built_at')}. The next `make run` "
                "builds and publishes again."
            )
            remember(target)
            return
        written = publish(target, keep=keep, has_personal_data=not without_personal_data)
    rows = sum(written["row_counts"].values())
    click.echo(
        f"{shown(place.root / 'marts.duckdb')}: {len(written['row_counts'])} tables, {rows:,} "
        f"rows, as of {written['as_of']}, set {written['set_id']}"
    )


def _print_sets(place: Place) -> None:
    sets = place.sets()
    if not sets:
        click.echo(f"{shown(place.root)}: no set is published yet; run `make run`.")
    for folder in reversed(sets):
        manifest = read_manifest(folder)
        state = "current" if folder == place.current else ""
        state += " rolled back" if is_rolled_back(folder) else ""
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        click.echo(
            f"{folder.name}  as of {manifest.get('as_of')}  run {manifest.get('run_id')}  "
            f"{size / 1e6:,.1f} MB  {state}".rstrip()
        )
