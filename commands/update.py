"""`shisaku update`: all the way from raw/ (or the watched pages) to the index."""

from typing import Any

import click

from shisaku.commands import command
from shisaku.commands.console.fetch_options import fetch_limits
from shisaku.commands.console.night import NightOptions
from shisaku.commands.console.run_options import (
    fetched,
    ingest_options,
    keep_option,
    run_of,
    updated,
    written,
)
from shisaku.commands.console.shell import print_json


@command("shisaku update --data /srv/shisaku --wait 600 --known-ok")
@click.option("--fetch", "fetching", is_flag=True, help="Fetch first what is new.")
@fetch_limits
@ingest_options
@keep_option
@written
def update(
    as_json: bool,
    fetching: bool,
    minutes: float,
    megabytes: float,
    keep: int,
    night: NightOptions,
    **options: Any,
) -> None:
    """Ingest, then index: the one line for cron."""
    from shisaku.index.generations.health import passages_of
    from shisaku.writing import UpdateReport

    with run_of("update", night) as run:
        brought = fetched(run, minutes=minutes, megabytes=megabytes) if fetching else None
        report = UpdateReport(*updated(run, keep=keep, **options))
        if brought:
            run.record.passages["withdrawn"] = passages_of(run.data, brought.withdrawn())
        if as_json:
            first = {"fetch": brought.to_json()} if brought else {}
            print_json(first | report.to_json())
