"""The command line: a thin skin over ingest/ and index/, and the contract that programs call.

Data goes to standard output, everything else to standard error. Exit codes: 0 ok (no hits is ok),
1 failure, 2 usage, 3 done but some documents failed or are still failed, 5 locked. What is heavy is
imported by the command that needs it: a search loads no PDF library.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from index.options import (
    export_options,
    facet_options,
    ingest_options,
    jobs_option,
    keep_option,
    query_options,
    search_options,
)
from index.shell import (
    F,
    Shell,
    data_directory,
    data_option,
    json_option,
    log_option,
    print_json,
    progress_bar,
    say,
)
from index.terminal import one_line
from ingest.fetch.command import fetch_options
from ingest.night import NightOptions, night_options, recorded

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from index.build import IndexReport
    from index.names import Registry
    from index.search import Searcher
    from index.selection import Request
    from ingest.fetch.report import FetchReport
    from ingest.report import IngestReport
    from ingest.runs import Run

R = TypeVar("R", "FetchReport", "IngestReport", "IndexReport")


@click.group(
    cls=Shell,
    epilog="\b\nExample:\n  shisaku update\n  shisaku search 人身取引 --ministry 警察庁 --facets",
)
@click.version_option(package_name="shisaku")
@data_option(root=True)
def main() -> None:
    """Search and cite what Japanese ministries published (施策)."""


def command(example: str) -> Callable[[F], Any]:
    """Add a command whose help ends in an example that can be typed."""
    return main.command(epilog=f"\b\nExample:\n  {example}")


# --- taking in ---------------------------------------------------------------------------------


def _staged(run: "Run", stage: str, work: Callable[..., R], **options: Any) -> R:
    """Do a part of a run: under its name, with a bar, and with its report told and noted."""
    with run.stage(stage, options.get("names", ())), progress_bar(stage) as progress:
        report = work(run.data, progress=progress, **options)
    for line in report.lines():
        say(line)
    run.note(stage, report.faults())
    return report


def _fetch(run: "Run", **options: Any) -> "FetchReport":
    from ingest.fetch.command import fetch

    report = _staged(run, "fetch", fetch, **options)
    run.record.documents |= report.changes()
    return report


def _ingest(run: "Run", **options: Any) -> "IngestReport":
    from ingest.batch import run_ingest

    report = _staged(run, "ingest", run_ingest, command=run.command, **options)
    run.record.documents |= report.counts()
    return report


def _index(run: "Run", *, jobs: int | None, **options: Any) -> "IndexReport":
    from index.build import build_index

    jobs = jobs or os.cpu_count() or 1
    report = _staged(run, "index", build_index, command=run.command, jobs=jobs, **options)
    if "ingest" not in run.record.stages:
        run.record.documents |= report.counts()
    run.record.passages |= report.changes
    run.record.generation = report.generation
    return report


def written(command: F) -> F:
    """Add what the commands share that write."""
    return night_options(log_option(json_option(data_option()(command))))


def _recorded(command: str, night: NightOptions) -> "AbstractContextManager[Run]":
    from ingest.fetch.ping import ping

    return recorded(data_directory(), command, night, say, ping)


@command("shisaku fetch --source npa-hyouka")
@fetch_options
@written
def fetch(as_json: bool, night: NightOptions, **options: Any) -> None:
    """Bring what the watched pages publish into raw/."""
    with _recorded("fetch", night) as run:
        report = _fetch(run, **options)
        if as_json:
            print_json(report.to_json())


@command("shisaku ingest --jobs 2")
@ingest_options
@written
def ingest(as_json: bool, night: NightOptions, **options: Any) -> None:
    """Parse what is new or changed under raw/."""
    with _recorded("ingest", night) as run:
        report = _ingest(run, **options)
        if as_json:
            print_json(report.to_json())


@command("shisaku index --rebuild")
@click.option("--rebuild", is_flag=True, help="Index every document anew.")
@click.option("--rollback", is_flag=True, help="Let the generation before this one answer.")
@jobs_option
@keep_option
@written
def index(
    rebuild: bool, rollback: bool, jobs: int | None, keep: int, as_json: bool, night: NightOptions
) -> None:
    """Bring the index in line with what is parsed."""
    if rebuild and rollback:
        raise click.UsageError("--rebuild and --rollback exclude each other")
    # Named in full, so that a remedy repeats what was meant: without it a rollback goes forward.
    named = "index --rollback" if rollback else "index --rebuild" if rebuild else "index"
    with _recorded(named, night) as run:
        if rollback:
            from index.generation import roll_back, rollback_lines

            was, now = roll_back(run.data)
            run.record.generation = now.name
            for line in rollback_lines(was, now):
                say(line)
            found = {"answers": now.name, "before": was.name}
        else:
            found = _index(run, full=rebuild, keep=keep, jobs=jobs).to_json()
        if as_json:
            print_json(found)


@command("shisaku update --data /srv/shisaku --wait 600 --known-ok")
@click.option("--fetch", "fetching", is_flag=True, help="Fetch first what is new.")
@ingest_options
@keep_option
@written
def update(as_json: bool, fetching: bool, keep: int, night: NightOptions, **options: Any) -> None:
    """Ingest, then index: the one line for cron."""
    from index.health import passages_of

    with _recorded("update", night) as run:
        fetched = _fetch(run) if fetching else None
        taken = _ingest(run, **options)
        report = _index(run, full=False, keep=keep, jobs=options["jobs"])
        stale = {item.document for item in taken.problems if item.stale}
        run.record.passages["failed"] = passages_of(run.data, stale)
        if fetched:
            run.record.passages["withdrawn"] = passages_of(run.data, fetched.withdrawn())
        if as_json:
            first = {"fetch": fetched.to_json()} if fetched else {}
            print_json(first | {"ingest": taken.to_json(), "index": report.to_json()})


# --- giving back -------------------------------------------------------------------------------


def _searcher(*, rolled: bool = True) -> "Searcher":
    from index.search import Searcher

    return Searcher(data_directory(), _asks("counted_as"), _known(), rolled=rolled)


def _asks(question: str) -> Callable[[str], Any]:
    """Give a question to the registry, which is loaded when it is asked."""

    def ask(word: str) -> Any:
        from ingest.registry import registry

        return getattr(registry(), question)(word)

    return ask


def _known() -> "Registry":
    from index.names import Registry

    return Registry(_asks("resolve"), _asks("resolve_plan"), _asks("plan_key"))


def _asked(searcher: "Searcher", **asked: Any) -> "Request":
    from index.selection import asked_for

    return asked_for(searcher, _known(), **asked)


@command("shisaku search '人身取引 (被害者 OR 保護) -旅券' --ministry 警察庁 --year 2009..2014")
@query_options
@search_options
@json_option
@data_option()
def search(
    limit: int, offset: int, sort: Any, with_facets: bool, as_json: bool, **asked: Any
) -> None:
    """Find passages or measures, the best first; without QUERY what the filters admit, in order.

    Words are joined by AND; OR, NOT or -, parentheses, "…" or 「…」 for literal phrases, 前方* for
    beginnings, 近い語~ for near spellings, 省庁:警察庁 and the like for fields.
    """
    from index.answers import print_results, results_json

    with _searcher(rolled=as_json) as searcher:
        request = _asked(searcher, **asked)
        results = searcher.answer(
            request, limit=limit, offset=offset, sort=sort, with_facets=as_json or with_facets
        )
    if as_json:
        print_json(results_json(request, results, offset, limit))
    else:
        print_results(request, results, offset, with_facets=with_facets)


@command("shisaku facets 人身取引 --by ministry --by year")
@query_options
@facet_options
@json_option
@data_option()
def facets(by: tuple[str, ...], form: str | None, as_json: bool, **asked: Any) -> None:
    """Count passages or measures by ministry, plan, year, kind, status and document."""
    from index.answers import facets_json, print_counts

    if len(by) > 2 or len(set(by)) < len(by):
        raise click.UsageError("--by takes one facet, or two different ones for a table")
    with _searcher() as searcher:
        request = _asked(searcher, **asked)
        found = searcher.select(request)
        if as_json or form == "json":
            print_json(facets_json(searcher, request, found, by))
        else:
            print_counts(searcher, request, found, by, as_csv=form == "csv")


@command("shisaku export 人身取引 --ministry 警察庁 --format csv --bom -o npa.csv")
@query_options
@export_options
@data_option()
def export(
    form: str | None, output: Path | None, bom: bool, guard: bool, cite: bool, **asked: Any
) -> None:
    """Write every match, in document order; bibtex and csl-json cite the documents."""
    from importlib.metadata import version

    from index.answers import export_header
    from index.export import choose_format, layout_of, with_citations, write
    from index.units import counted

    output = None if str(output) == "-" else output
    form, note = choose_format(form, output)
    for option, given in (("--bom", bom), ("--guard", guard)):
        if given and form != "csv":
            raise click.UsageError(f"{option} goes with --format csv only")
    if cite and form in ("bibtex", "csl-json"):
        raise click.UsageError(f"--cite adds to records, and {form} has none")
    with _searcher() as searcher:
        request = _asked(searcher, **asked)
        found = searcher.select(request)
        for notice in found.notices:
            say(notice)
        header = export_header(searcher, request, found) | {"version": version("shisaku")}
        records = with_citations(found.records()) if cite else found.records()
        layout = layout_of(request.unit, cite=cite, bom=bom, guard=guard)
        beside = write(output, form, records, header, layout)
    if output is not None:
        also = f" (header: {beside})" if beside else ""
        say(f"{counted(found.total, request.unit)} written to {output} as {form}{also}")
        if note:
            say(f"  {note}")


@command("shisaku aliases IOM")
@click.argument("word", required=False)
@json_option
@data_option()
def aliases(word: str | None, as_json: bool) -> None:
    """List the short names that the documents define, as in 国際移住機関（IOM）."""
    from index.answers import aliases_json, print_aliases

    with _searcher() as searcher:
        if as_json:
            print_json(aliases_json(searcher, word))
        else:
            print_aliases(searcher, word)


@command("shisaku show 'jinshin/followup.pdf#p-1f3a0c9b2d4e'")
@click.argument("key", metavar="ID")
@json_option
@data_option()
def show(key: str, as_json: bool) -> None:
    """Show a passage or measure in its context, with a citation; or what a document is."""
    from index.show import find, print_found

    data = data_directory()
    with _searcher() as searcher:
        found = find(searcher, data, key)
    if as_json:
        print_json(found)
    else:
        print_found(found)


@command("shisaku docs --json")
@click.option("--ledger", is_flag=True, help="Where each document's visible characters went.")
@json_option
@data_option()
def docs(ledger: bool, as_json: bool) -> None:
    """List the documents, with what is wrong with them."""
    from index.documents import list_documents

    listing = list_documents(data_directory())
    if as_json:
        print_json(listing.to_json(ledger=ledger))
    else:
        from index.display import Display

        display = Display()
        (display.ledger if ledger else display.documents)(listing)
    for file, reason in listing.unreadable:
        say(f"{one_line(file)}: {one_line(reason)}")


# --- looking after it --------------------------------------------------------------------------


@command("shisaku runs --limit 7")
@click.option("--limit", type=click.IntRange(1), default=20, help="Runs to show; default: 20.")
@json_option
@data_option()
def runs(limit: int, as_json: bool) -> None:
    """List what fetch, ingest, index and update did, the newest run first."""
    from itertools import islice

    from ingest.runs import newest_first

    found = list(islice(newest_first(data_directory()), limit))
    if as_json:
        print_json([record.to_json() for record in found])
    else:
        for record in found:
            click.echo(one_line(record.row()))


@command("shisaku status --max-age 36")
@click.option("--max-age", type=click.FloatRange(0), metavar="HOURS", help="Of the last good run.")
@click.option("--check", is_flag=True, help="Read the index's files and compare their hashes.")
@json_option
@data_option()
def status(max_age: float | None, check: bool, as_json: bool) -> None:
    """Say whether all is well; exit code 1 where it is not."""
    from index.health import index_health
    from ingest.status import survey

    data = data_directory()
    found = survey(data, index_health(data, thorough=check), max_age)
    if as_json:
        print_json(found.to_json())
    else:
        for line in found.lines():
            click.echo(one_line(line))
    if not found.well:
        sys.exit(1)
