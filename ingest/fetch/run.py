"""Fetches every source once (`shisaku fetch`): a list of sources in, a `FetchReport` out.

What was fetched before a failure stays, and the next run continues after one that was killed. The
lock of the data directory is held, so that no ingest runs meanwhile. Afterwards: `shisaku ingest`.
"""

from datetime import UTC
from importlib.metadata import version
from pathlib import Path
from shlex import quote

from shisaku.ingest.disk.failures import disk_error
from shisaku.ingest.disk.lock import locked
from shisaku.ingest.errors import ShisakuError
from shisaku.ingest.fetch.deadlines import MEGABYTES, MINUTES, RunBudget
from shisaku.ingest.fetch.http.client import Client, Clock, Limits, SystemClock
from shisaku.ingest.fetch.http.network import Network
from shisaku.ingest.fetch.http.robots import PRODUCT, Robots
from shisaku.ingest.fetch.kept.keeper import Keeper
from shisaku.ingest.fetch.report import FetchReport
from shisaku.ingest.fetch.sources import SourceList
from shisaku.ingest.fetch.state import State
from shisaku.ingest.fetch.visit import Progress, Visit
from shisaku.ingest.words.reader import Reader


class FetchError(ShisakuError):
    """raw/ is missing, although documents have been parsed from it."""


def run_fetch(
    data: Path,
    sources: SourceList,
    *,
    allow_withdrawal: bool = False,
    minutes: float = MINUTES,
    megabytes: float = MEGABYTES,
    progress: Progress | None = None,
    limits: Limits | None = None,
    clock: Clock | None = None,
    network: Network | None = None,
) -> FetchReport:
    """Bring `data`/raw in line with what the sources offer, and return outcomes and problems.

    `allow_withdrawal` marks files as withdrawn even where most of a source's would be at once.
    `minutes` and `megabytes` (received) are what the run may take; each source has its share.
    `limits`, `clock` and `network` stand in for the real ones in tests.

    Raises:
        FetchError: raw/ has disappeared.
        DiskError: raw/, versions/ or runs/ cannot be written; what was fetched before stays.
        LockedError: another run writes to the data directory.

    """
    clock = clock or SystemClock()
    limits = limits or Limits()

    def now() -> str:
        return clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    reader = Reader()
    client = Client(_agent(sources.contact), limits, clock, network or Network())
    report = FetchReport()
    try:
        with locked(data):
            state = State(data)
            _check_raw(data)
            robots = Robots(client)
            whole = RunBudget(clock, len(sources.entries), minutes, megabytes)
            for source in sources.entries:
                client.budget = whole.share(source.max_minutes, source.max_total_mb)
                given = client.budget.size
                keeper = Keeper(data, source, reader)
                reader.renew(client.budget.check_time)
                keeper.clean()
                visit = Visit(
                    source,
                    keeper,
                    client,
                    robots,
                    reader,
                    before=state.of(source.name),
                    now=now,
                    allow_withdrawal=allow_withdrawal,
                    # Of `update` as well: it takes no --allow-withdrawal.
                    command=f"shisaku fetch --source {source.name} --data {quote(str(data))}",
                    progress=progress,
                )
                visit.run()
                whole.settle(given, client.budget)
                state.put(source.name, visit.memory.after)
                report.outcomes += visit.outcomes
                report.sources.append(visit.report)
    except OSError as error:
        raise disk_error(error, data, "fetch") from error
    finally:
        client.close()
        reader.close()
    return report


def _check_raw(data: Path) -> None:
    # Where the disk of raw/ is not mounted, all would be fetched again, into the wrong place.
    raw = data / "raw"
    if not raw.is_dir() and any((data / "parsed").rglob("*.json")):
        raise FetchError(
            f"{raw} is missing, but documents have been parsed from it.",
            f"Check that the disk with raw/ is mounted; if it is to be begun anew, make {raw}.",
        )


def _agent(contact: str) -> str:
    return f"{PRODUCT}/{version('shisaku')}" + (f" (+{contact})" if contact else "")
