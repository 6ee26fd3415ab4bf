"""One source in one run: from its watched pages to every document they lead to.

Pages nearer to the watched ones come first, so that a link is met at its smallest depth. A document
counts as no longer linked only where every page could be read: one index page that fails must not
withdraw what it leads to. A followed page that is gone is taken at its last word.
"""

import hashlib
import heapq
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec.structs import replace

from ingest.fetch.bounds import (
    MAX_ADDRESSES,
    MAX_CHARACTERS,
    LinkMemory,
    bounded,
    rules_of,
    taken_up,
)
from ingest.fetch.client import GONE, Answer, Client, Policy, Validators
from ingest.fetch.deadlines import Stopped
from ingest.fetch.failures import FetchFailure, source_problem, url_problem
from ingest.fetch.keeper import Keeper, Kept, printable
from ingest.fetch.listing import Listing, is_list, read_listing
from ingest.fetch.report import Outcome, Result, SourceReport
from ingest.fetch.sources import Source
from ingest.fetch.state import Seen
from ingest.fetch.urls import directory_of, host_of, identity, matches, suffix_of
from ingest.html.links import read_links
from ingest.model import Problem
from ingest.sniff import sniff

Progress = Callable[[int, int, str], None]
"""Called with the number of URLs asked, the number known so far, and the URL just asked."""

_MAX_LINKS = 20_000
"""Links of one page that are wanted or followed; the others cost nothing."""
_MAX_ELSEWHERE = 10_000
_FEW = 4
"""Up to so many documents may go at once without a question."""
# What these hold is no page to look at for links.
_NO_PAGE_NAMES = (
    "pdf doc docx xls xlsx ppt pptx csv zip lzh jpg jpeg png gif svg mp3 mp4 wmv txt xml rss rdf"
    " css js ico epub jtd odt ods"
)
_NO_PAGE = frozenset(f".{name}" for name in _NO_PAGE_NAMES.split())


@dataclass
class Visit:
    """The run over one source; `run` does it all and leaves its findings in the fields."""

    source: Source
    keeper: Keeper
    client: Client
    policy: Policy
    before: dict[str, Seen]
    now: Callable[[], str]
    allow_withdrawal: bool = False
    command: str = "shisaku fetch"
    """What the user can type to fetch this source again."""
    progress: Progress | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    after: dict[str, Seen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.report = SourceReport(self.source.name, self.source.publisher)
        self._queue: list[tuple[int, int, str]] = []
        """A heap: turn (see bounds.py), order in which it was met, address."""
        self._met: set[str] = set()
        """Identities of all addresses in the queue or done."""
        self._level: dict[str, int | None] = {}
        """Depth of a page to look at for links; None for a mere document."""
        self._complete = True
        self._characters = 0
        self._unasked: dict[tuple[str, ...], list[str]] = {}
        """What was left for the next run, by why: code and details of the problem."""
        self._begun: list[str] = []
        """Those among them that were being asked for: last in turn, to keep nothing waiting."""
        self._rules = rules_of(self.source)
        self._memory = LinkMemory()
        self.before, self._turns = taken_up(self.before)
        self._elsewhere: dict[str, None] = {}
        self._dead: list[str] = []
        self._pages = 0
        forgot = not self.before or any(seen.lost for seen in self.before.values())
        self._lost = forgot and bool(self.keeper.all())
        """Whether files may have come from pages of which nothing is remembered."""

    def run(self) -> None:
        """Ask for every URL of the source, then compare with what is kept."""
        if not self.source.tried:
            self._warn("untried")
        for place in self.keeper.damaged:
            self._warn("sidecar", place)
        for page in self.source.pages:
            self._add(page, 0)
        done = 0
        while self._queue:
            *_, url = heapq.heappop(self._queue)
            try:
                self._visit(url)
            except Stopped as stop:
                self._put_off(stop, url)
            done += 1
            if self.progress:
                self.progress(done, len(self._level), url)
        self._finish()

    def _warn(self, code: str, *details: object, failed: bool = False) -> None:
        problem = source_problem(code, *details, failed=failed, command=self.command)
        self.report.problems.append(problem)

    def _put_off(self, stop: Stopped, url: str) -> None:
        self._complete = False
        unasked = self._unasked.setdefault((stop.code, *stop.details), [])
        unasked.append(url)
        if stop.begun:
            self._begun.append(url)
        if not stop.host:
            unasked += [waiting for *_, waiting in sorted(self._queue)]
            self._queue.clear()

    # --- one URL -----------------------------------------------------------------------------

    def _visit(self, url: str) -> None:
        look = self._level[url] is not None
        wanted = self.source.wants(url)
        kept = self.keeper.get(url)
        if wanted and kept and kept.deleted:
            self._tell(url, "removed", new=False)
            wanted = False
            if not look:
                return
        self.report.pages += look
        try:
            answer = self.client.get(
                url,
                self.source,
                validators=self._validators(url, wanted=wanted, look=look),
                policy=self.policy,
                judge=lambda answer: self._judge(url, answer, wanted),
            )
            read = look and answer.status == 200
            listing = (
                read_listing(answer, self._picks, _MAX_LINKS, read_links) if read else None
            )
        except FetchFailure as failure:
            self._complete &= not look
            self._fail(url, failure.problem)
            return
        if answer.status in GONE:
            self._gone(url, answer, wanted)
            return
        self._remember(url, answer, listing)
        if wanted:
            taken = answer.status == 200
            self._tell(
                url,
                self.keeper.take(url, answer, self.now()) if taken else self.keeper.settle(url),
            )
        if look:
            seen = self.after[url]
            self._follow(
                url, listing or Listing(seen.links or (), seen.left, seen.more, seen.index)
            )

    def _validators(self, url: str, *, wanted: bool, look: bool) -> Validators | None:
        seen, kept = self.before.get(url), self.keeper.get(url)
        if look and (seen is None or seen.links is None or seen.rules not in ("", self._rules)):
            return None  # without an answer in full there would be no links
        if wanted and kept is None:
            return None
        if wanted and kept and (seen is None or seen.sha256 != kept.sidecar.sha256):
            if look:
                return None
            seen = _from_sidecar(kept)
        return Validators(seen.final_url, seen.etag, seen.last_modified) if seen else None

    def _judge(self, url: str, answer: Answer, wanted: bool) -> None:
        if wanted:
            self.keeper.judge(url, answer)
        if self._level[url] == 0 and not is_list(answer.body):
            found = sniff(answer.body)
            word = {"pdf": "a PDF", "empty": "empty"}.get(found, "something else")
            raise FetchFailure(url_problem("no_page", word), again=found == "empty")

    def _gone(self, url: str, answer: Answer, wanted: bool) -> None:
        if wanted and self.keeper.get(url) and self._level[url] != 0:
            self._withdraw(url, "gone")
        elif wanted or self._level[url] == 0:
            self._complete &= self._level[url] != 0
            self._fail(url, url_problem("not_found", f"status {answer.status}"))
        else:
            self._dead.append(url)
        if self._level[url]:
            self._recall(url)

    def _recall(self, url: str) -> None:
        """Ask for what a page that is gone led to when it was read: that may still be there.

        A page that is missing for one night must not take with it what it links to. One that was
        never read led to nothing, unless the memory of it was lost.
        """
        seen = self.after[url] = self.after.get(url) or self._seen(url)
        if seen.links is not None:
            # Picked by other patterns, they may lack what is wanted now.
            self._complete &= seen.rules in ("", self._rules)
            self._follow(url, Listing(seen.links, seen.left, seen.more, seen.index))
        elif seen.lost:
            self._complete = False

    def _seen(self, url: str) -> Seen:
        """Give what is remembered of a URL, or that nothing is."""
        return self.before.get(url) or Seen(lost=self._lost and self._level[url] is not None)

    def _withdraw(self, url: str, why: str) -> None:
        new = self.keeper.withdraw(url, why, self.now())
        if url in self.before:
            self.after[url] = replace(self.before[url], failure="")
        self._tell(url, "withdrawn", new=new)

    def _fail(self, url: str, problem: Problem) -> None:
        seen = self._seen(url)
        self.after[url] = replace(seen, failure=problem.code)
        self._tell(url, "failed", problem, new=seen.failure != problem.code)

    def _tell(
        self, url: str, result: Result, problem: Problem | None = None, *, new: bool = True
    ) -> None:
        path = self.keeper.shown(url)
        self.outcomes.append(Outcome(self.source.name, url, result, path, problem, new))
        self.report.documents += result in ("added", "changed", "unchanged", "returned")

    def _remember(self, url: str, answer: Answer, listing: Listing | None) -> None:
        if answer.status == 304:
            old = self.before.get(url)
            if old is None:
                kept = self.keeper.get(url)
                old = _from_sidecar(kept) if kept else Seen()
            self.after[url] = self._memory.admit(replace(old, checked=self.now(), failure=""))
            return
        seen = Seen(
            checked=self.now(),
            final_url=answer.url,
            etag=printable(answer.headers.get("etag", "")),
            last_modified=printable(answer.headers.get("last-modified", "")),
            sha256=hashlib.sha256(answer.body).hexdigest(),
        )
        if listing is not None:
            seen = replace(
                seen,
                links=listing.links,
                rules=self._rules,
                left=listing.left,
                more=listing.more,
                index=listing.index,
            )
        self.after[url] = self._memory.admit(seen)

    # --- links -------------------------------------------------------------------------------

    def _follow(self, url: str, listing: Listing) -> None:
        if listing.more or len(listing.links) > _MAX_LINKS:
            self._complete = False  # what is beyond has not been seen, but may be there
            self._warn("too_many_links", _MAX_LINKS, url)
        self.report.skipped += listing.left
        level = self._level[url] or 0
        for link in listing.links[:_MAX_LINKS]:
            if listing.index and level == 0 and self.source.admits(link):
                self._add(link, 0)  # another sitemap, which is as good as named in `pages`
            else:
                self._meet(link, level)

    def _picks(self, link: str) -> bool:
        """Whether a link is worth remembering: one that is wanted or may be followed."""
        return self.source.wants(link) or (self.source.depth > 0 and self._is_followed(link))

    def _meet(self, link: str, level: int) -> None:
        wanted = self.source.wants(link)
        follow = level < self.source.depth and self._is_followed(link)
        if identity(link) in self._met:
            return
        if not self.source.admits(link):
            if not wanted:
                self.report.skipped += 1
            elif len(self._elsewhere) < _MAX_ELSEWHERE:
                self._elsewhere[link] = None
        elif wanted or follow:
            self._add(link, level + 1 if follow else None)
        else:
            self.report.skipped += 1

    def _is_followed(self, link: str) -> bool:
        source = self.source
        if suffix_of(link) in _NO_PAGE or any(matches(item, link) for item in source.exclude):
            return False
        if source.follow:
            return any(matches(pattern, link) for pattern in source.follow)
        return any(link.startswith(directory_of(page)) for page in source.pages)

    def _add(self, url: str, level: int | None) -> None:
        if identity(url) in self._met:
            return
        self._characters += len(url)
        if len(self._met) >= MAX_ADDRESSES or self._characters > MAX_CHARACTERS:
            self._complete = False
            if not any(problem.code == "too_many_addresses" for problem in self.report.problems):
                self._warn("too_many_addresses", f"{MAX_ADDRESSES:,}")
            return
        if level is not None:
            if self._pages >= self.source.max_pages:
                self._complete = False
                if not any(problem.code == "too_many_pages" for problem in self.report.problems):
                    self._warn("too_many_pages", self.source.max_pages)
                level = None
                if not self.source.wants(url):
                    return
            else:
                self._pages += 1
        turn = 0 if level == 0 else self._turns.get(url, sys.maxsize)
        # A page before its turn is met by longer ways than the shortest, so that what is beyond
        # the depth may only seem to be: such a run cannot tell what is no longer linked.
        self._complete &= not (level and turn < sys.maxsize)
        heapq.heappush(self._queue, (turn, len(self._met), url))
        self._met.add(identity(url))
        self._level[url] = level
        seen = self.before.get(url)
        if level and self._turns and seen:  # watched pages are asked first anyway
            # What it led to when it was last read, and whose turn it is: that must not wait until
            # there is time for the page as well.
            for link in seen.links or ():
                if link in self._turns:
                    self._meet(link, level)

    # --- after -------------------------------------------------------------------------------

    def _finish(self) -> None:
        source, report = self.source, self.report
        for why, urls in self._unasked.items():
            self._warn(*why, f"{len(urls):,}", urls[0][:200], failed=True)
        if self._elsewhere:
            hosts = ", ".join(sorted({host_of(link) for link in self._elsewhere})[:5])
            self._warn("other_hosts", len(self._elsewhere), hosts)
        if self._dead:
            self._warn("dead_links", len(self._dead), self._dead[0])
        waiting = sum(map(len, self._unasked.values()))
        if report.documents < source.min and report.documents + waiting < source.min:
            self._complete = False  # what is missing then is the pages' fault
            self._warn("too_few", report.documents, source.min, failed=True)
        if source.max is not None and report.documents > source.max:
            self._warn("too_many", report.documents, source.max)
        self._unlinked()
        if not self._complete:
            self.after = self.before | self.after
            for url in self._turns.keys() - self._level.keys():  # nothing led to it this time
                self.after[url] = replace(self.after.get(url, Seen()), turn=self._turns[url])
        left = [url for urls in self._unasked.values() for url in urls]
        unasked = [url for url in left if url not in self._begun] + self._begun
        for turn, url in enumerate(unasked, 1):
            self.after[url] = replace(self.after.get(url) or self._seen(url), turn=turn)
        self.after = bounded(self.after, (kept.sidecar.url for kept in self.keeper.all()))

    def _unlinked(self) -> None:
        # What the patterns no longer cover was left out by the user, not by the publisher.
        mine = [
            kept
            for kept in self.keeper.all()
            if self.source.wants(kept.sidecar.url) and not kept.deleted
        ]
        left = sorted(
            (kept.sidecar for kept in mine if identity(kept.sidecar.url) not in self._met),
            key=lambda sidecar: sidecar.url,
        )
        fresh = [sidecar for sidecar in left if not sidecar.withdrawn]
        offered = sum(not kept.sidecar.withdrawn for kept in mine)
        many = len(fresh) > _FEW and len(fresh) * 2 > offered
        if self._complete and many and not self.allow_withdrawal:
            self._warn("mass_withdrawal", len(fresh), offered, failed=True)
            self._complete = False
        for sidecar in left:
            if sidecar.withdrawn or self._complete:
                self._withdraw(sidecar.url, "unlinked")


def _from_sidecar(kept: Kept) -> Seen:
    """Give what the sidecar remembers, for a run that lost its memory."""
    old = kept.sidecar
    return Seen("", old.final_url, old.etag, old.last_modified, old.sha256)
