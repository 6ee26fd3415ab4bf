"""`shisaku search`: hits, the best first."""

from typing import Any

import click

from shisaku.commands import command
from shisaku.commands.console.query_options import opened, query_options, request
from shisaku.commands.console.shell import data_option, json_option, print_json


@command("shisaku search '人身取引 (被害者 OR 保護) -旅券' --ministry 警察庁 --year 2009..2014")
@query_options
@click.option("--limit", type=click.IntRange(0), default=10, help="Hits to show; default: 10.")
@click.option("--offset", type=click.IntRange(0), default=0, help="Hits to pass over first.")
@click.option(
    "--sort",
    type=click.Choice(["relevance", "date"]),
    default="relevance",
    help="By score, or the newest first.",
)
@click.option("--all", "repeats", is_flag=True, help="Show what says the same one by one.")
@click.option("--facets", "with_facets", is_flag=True, help="Show counts after the hits.")
@json_option
@data_option()
def search(
    limit: int,
    offset: int,
    sort: Any,
    repeats: bool,
    with_facets: bool,
    as_json: bool,
    **asked: Any,
) -> None:
    """Find passages or measures, the best first; without QUERY what the filters admit, in order.

    Words are joined by AND; OR, NOT or -, parentheses, "…" or 「…」 for literal phrases, 前方* for
    beginnings, 近い語~ for near spellings, 省庁:警察庁 and the like for fields.
    """
    with opened(rolled=as_json) as index:
        found = index.search(
            request(index, **asked),
            limit=limit,
            offset=offset,
            sort=sort,
            facets=as_json or with_facets,
            repeats=repeats,
        )
    if as_json:
        print_json(found.to_json())
    else:
        from shisaku.commands.console.render import print_found

        print_found(found, with_facets=with_facets)
