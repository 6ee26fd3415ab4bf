"""`shisaku index`: parsed/ → index/."""

from typing import Any

import click

from shisaku.commands import command
from shisaku.commands.console.night import NightOptions
from shisaku.commands.console.run_options import (
    allow_removal_option,
    indexed,
    jobs_option,
    keep_option,
    limit_options,
    max_removed_option,
    run_of,
    written,
)
from shisaku.commands.console.shell import print_json, say


@command("shisaku index --rebuild")
@click.option("--rebuild", is_flag=True, help="Index every document anew.")
@click.option("--rollback", is_flag=True, help="Let the generation before this one answer.")
@jobs_option
@limit_options
@max_removed_option
@allow_removal_option
@keep_option
@written
def index(
    rebuild: bool,
    rollback: bool,
    max_removed: int | None,
    allow_removal: bool,
    as_json: bool,
    night: NightOptions,
    **options: Any,
) -> None:
    """Bring the index in line with what is parsed."""
    if rebuild and rollback:
        raise click.UsageError("--rebuild and --rollback exclude each other")
    # Named in full, so that a remedy repeats what was meant: without it a rollback goes forward.
    named = "index --rollback" if rollback else "index --rebuild" if rebuild else "index"
    with run_of(named, night) as run:
        if rollback:
            from shisaku.index.generations.swap import roll_back, rollback_lines

            was, now = roll_back(run.data)
            run.record.generation = now.name
            for line in rollback_lines(was, now):
                say(line)
            found = {"answers": now.name, "before": was.name}
        else:
            from shisaku.runs import guard_of

            guard = guard_of(run, max_removed, any_number=allow_removal)
            found = indexed(run, full=rebuild, guard=guard, **options).to_json()
        if as_json:
            print_json(found)
