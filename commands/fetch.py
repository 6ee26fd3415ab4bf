"""`shisaku fetch`: what the watched pages publish, into raw/."""

from typing import Any

from shisaku.commands import command
from shisaku.commands.console.fetch_options import fetch_options
from shisaku.commands.console.night import NightOptions
from shisaku.commands.console.run_options import fetched, run_of, written
from shisaku.commands.console.shell import print_json


@command("shisaku fetch --source npa-hyouka")
@fetch_options
@written
def fetch(as_json: bool, night: NightOptions, **options: Any) -> None:
    """Bring what the watched pages publish into raw/."""
    with run_of("fetch", night) as run:
        report = fetched(run, **options)
        if as_json:
            print_json(report.to_json())
