"""One source in one run: from its watched pages to every document they lead to.

`Visit.run` asks for every URL, stores documents (`kept.keeper`), and leaves outcomes, the report
and the memory for the next run in its fields. Pages nearer to the watched ones come first, so that
a link is met at its smallest depth.

Traps: a document counts as no longer linked only where every page could be read, as one index page
that fails must not withdraw what it leads to; for a followed page that is gone, the links of its
last reading hold. A URL under which nothing is stored may be another URL of a stored document
(`pages.identity`); it waits until all others have been asked for, because only then is it known
which stored documents are still offered under their own URLs.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from shisaku.ingest.fetch.deadlines import Stopped
from shisaku.ingest.fetch.failures import FetchFailure, source_problem, url_problem
from shisaku.ingest.fetch.http.client import GONE, Answer, Client, Policy
from shisaku.ingest.fetch.kept.keeper import Keeper, Kept, charset
from shisaku.ingest.fetch.kept.withdrawal import Leaving, held_back, leaving
from shisaku.ingest.fetch.memory import SourceMemory
from shisaku.ingest.fetch.pages.addresses import Addresses
from shisaku.ingest.fetch.pages.disguise import RECALLED, STANDING_IN
from shisaku.ingest.fetch.pages.identity import is_file
from shisaku.ingest.fetch.pages.judging import Judge, Read
from shisaku.ingest.fetch.pages.listing import Listing
from shisaku.ingest.fetch.report import Outcome, Result, SourceReport
from shisaku.ingest.fetch.sources import Source
from shisaku.ingest.fetch.state import Seen
from shisaku.ingest.model import Problem
from shisaku.ingest.words.reader import Reader

Progress = Callable[[int, int, str], None]
"""Called with the number of URLs asked, the number known so far, and the URL just asked."""


@dataclass
class Visit:
    """The run over one source; `before` is what the last run saw, `now` gives the time (ISO, UTC).

    `allow_withdrawal` accepts that most documents of the source are withdrawn at once, and that
    pages are other ones than before.
    """

    source: Source
    keeper: Keeper
    client: Client
    policy: Policy
    reader: Reader
    before: dict[str, Seen]
    now: Callable[[], str]
    allow_withdrawal: bool = False
    command: str = "shisaku fetch"
    """What the user can type to fetch this source again."""
    progress: Progress | None = None
    outcomes: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.report = SourceReport(self.source.name, self.source.publisher)
        self._identity = self.keeper.identity
        self.memory = SourceMemory(self.source, self.keeper, self.before, self.now)
        self._addresses = Addresses(
            self.source,
            self.keeper,
            self.report,
            self._warn,
            self.memory.before,
            self.memory.turns,
        )
        self._judge = Judge(
            self.source,
            self.keeper,
            self.reader,
            self._addresses,
            self.memory.known,
            compare=not self.allow_withdrawal,
        )
        self._later: list[str] = []
        """URLs of documents that may be stored under other URLs."""
        self._waited: set[str] = set()
        """URLs that have been in `_later`."""
        self._claimed: set[Path] = set()
        """Kept files whose documents are offered in this run."""
        self._gone_files: dict[Path, tuple[str, Kept]] = {}
        """Kept files whose URLs are gone (404, 410), with the URLs."""
        self._complete = True
        self._unasked: dict[tuple[str, ...], list[str]] = {}
        """URLs left for the next run, by the reason: code and details of the problem."""
        self._begun: list[str] = []
        """Those of `_unasked` that were being asked for; last in turn, to delay no other."""
        self._dead: list[str] = []
        """Followed pages that are gone (404, 410)."""

    def run(self) -> None:
        """Ask for every URL of the source, then mark what is withdrawn.

        Raises:
            OSError: raw/ or versions/ cannot be written.

        """
        if not self.source.tried:
            self._warn("untried")
        for place in self.keeper.damaged:
            self._warn("sidecar", place)
        self._addresses.begin()
        while self._addresses.waiting or self._later:
            queued = self._addresses.waiting > 0
            urls = [self._addresses.next()] if queued else self._of_one_document()
            for position, url in enumerate(urls):
                try:
                    self._visit(url, urls)
                except Stopped as stop:
                    self._put_off(stop, url, urls[position + 1 :])
                    if not stop.host:
                        break
            if self.progress:
                known = len(self._addresses)
                done = known - self._addresses.waiting - len(self._later)
                self.progress(done, known, urls[0])
        self._finish()

    def _warn(self, code: str, *details: object, failed: bool = False) -> None:
        problem = source_problem(code, *details, failed=failed, command=self.command)
        self.report.problems.append(problem)

    def _put_off(self, stop: Stopped, url: str, rest: list[str]) -> None:
        """Leave a URL for the next run; where the whole source is stopped, all others as well.

        `rest` are the URLs that were taken out of `_later` together with it.
        """
        self._complete = False
        unasked = self._unasked.setdefault((stop.code, *stop.details), [])
        unasked.append(url)
        if stop.begun:
            self._begun.append(url)
        if not stop.host:
            unasked += [*rest, *self._later, *self._addresses.clear()]
            self._later = []

    # --- one URL -----------------------------------------------------------------------------

    def _visit(self, url: str, urls: list[str]) -> None:
        """Ask for a URL; `urls` are all that may lead to the same document, `url` among them."""
        kept, others = self.keeper.get(url), list[Kept]()
        if self.source.wants(url) and kept is None:
            twins = self.keeper.certain(url)
            others = self.keeper.likely(url)
            # It is the document for certain and waited in the last run: it must not wait again.
            its_turn = bool(twins) and self._addresses.has_turn(url)
            if (twins or others) and url not in self._waited and not its_turn:
                self._waited.add(url)
                self._later.append(url)
                return
            if any(one.path in self._claimed for one in twins):
                self.report.aliases += 1  # the document has been asked for
                return
            kept = max(twins, key=_preference, default=None)
        if kept:
            self._claimed.add(kept.path)
            others = []
        self._fetch(url, kept, others, alone=len(urls) == 1)

    def _of_one_document(self) -> list[str]:
        """Remove from `_later` the first URL and all that may lead to its document; return them."""
        key = self._identity.likely(self._later[0])
        found = [url for url in self._later if self._identity.likely(url) == key]
        self._later = [url for url in self._later if self._identity.likely(url) != key]
        return found

    def _fetch(self, url: str, kept: Kept | None, others: list[Kept], *, alone: bool) -> None:
        """Ask for a URL under which `kept` is stored, or perhaps one of `others`.

        `alone` is true where no other URL of this run may lead to one of `others`.
        """
        look = self._addresses.is_page(url)
        wanted = self.source.wants(url)
        stored = [kept] if kept else others
        if wanted and stored and all(one.deleted for one in stored):
            self._tell(url, "removed", kept=stored[0], new=False)
            wanted = False
            if not look:
                return
        self.report.pages += look
        read = Read()
        try:
            answer = self.client.get(
                url,
                self.source,
                validators=self.memory.validators(url, kept, others, wanted=wanted, look=look),
                policy=self.policy,
                judge=lambda answer: self._judge.judge(url, answer, kept, read, wanted=wanted),
            )
        except FetchFailure as failure:
            self._complete &= not look
            # One of them may be the document that could not be asked for: none counts as unlinked.
            self._claimed |= {one.path for one in others}
            self._fail(url, failure.problem, kept)
            if kept and failure.problem.code in STANDING_IN:
                self.keeper.mark_stale(kept, failure.problem.code, self.now())
            if look and failure.problem.code in RECALLED:
                self._recall(url)
            return
        if answer.status in GONE:
            self._gone(url, answer, kept if wanted else None, wanted=wanted)
            return
        seen = self.memory.answered(url, answer, read, kept)
        if wanted and (kept or not others):
            self._bring(url, answer, kept)
        elif wanted:
            self._bring_as_one_of(url, answer, others, alone=alone)
        if look:
            self._addresses.follow(url, read.listing or _listing(seen), seen.next)

    def _bring(self, url: str, answer: Answer, kept: Kept | None) -> None:
        """Store the answer of a URL as the document `kept`, or as a new one (None)."""
        if answer.status == 200:
            result = self.keeper.take(url, answer, self.now(), kept)
        else:
            assert kept is not None  # nothing else makes a request conditional
            result = self.keeper.settle(kept, url)
        now = self._stored_as(kept, url)
        if now:
            self._claimed.add(now.path)
            self.memory.gives(url, now)
        self._tell(url, result, kept=now)

    def _bring_as_one_of(
        self, url: str, answer: Answer, others: list[Kept], *, alone: bool
    ) -> None:
        """Store the answer of a URL as the one of `others` that has the same words, if any.

        Different words under `?v=2` are a new version where the URL names a file and exactly one
        stored document is left that they can replace; everywhere else they are a new document.
        """
        same = self._same(url, answer, others)
        if same and same.path in self._claimed:
            self.report.aliases += 1
            self.memory.gives(url, same)
            return
        free = [
            one
            for one in others
            if not (one.sidecar.withdrawn or one.deleted or one.path in self._claimed)
        ]
        if same is None and alone and len(free) == 1 and is_file(url):
            same = free[0]
        self._bring(url, answer, same)

    def _same(self, url: str, answer: Answer, others: list[Kept]) -> Kept | None:
        """Return the kept file with the same words as the answer; one offered in this run first."""
        found = sorted(others, key=lambda one: (one.path in self._claimed, _preference(one)))
        for one in reversed(found):
            if answer.status == 304:
                if self.memory.seen(url, page=False).version == one.sidecar.sha256:
                    return one
            elif self.keeper.same_words(one, answer.body, charset(answer)):
                return one
        return None

    def _stored_as(self, kept: Kept | None, url: str) -> Kept | None:
        """Return the record of a kept file after it was written; None where it is not stored."""
        found = self.keeper.get(url)
        if kept and (found is None or found.path != kept.path):
            return self.keeper.get(kept.sidecar.url)
        return found

    def _gone(self, url: str, answer: Answer, kept: Kept | None, *, wanted: bool) -> None:
        watched = url in self._addresses.watched
        if kept and not watched:
            self._gone_files[kept.path] = (url, kept)
        elif wanted or watched:
            self._complete &= not watched
            self._fail(url, url_problem("not_found", f"status {answer.status}"), kept)
        else:
            self._dead.append(url)
        if self._addresses.is_page(url) and not watched:
            self._recall(url)

    def _recall(self, url: str) -> None:
        """Follow the remembered links of a page that is gone: what they lead to may still be there.

        A page that is missing in one run must not withdraw its documents. A page that was never
        read has no links, unless the memory of it was lost.
        """
        seen = self.memory.recalled(url)
        if seen.links is not None:
            # Links picked by other patterns may lack what is wanted now.
            self._complete &= seen.rules in ("", self.memory.rules)
            self._addresses.follow(url, _listing(seen), seen.next)
        elif seen.lost:
            self._complete = False

    # --- what is told ------------------------------------------------------------------------

    def _fail(self, url: str, problem: Problem, kept: Kept | None) -> None:
        seen = self.memory.failed(url, problem.code, page=self._addresses.is_page(url))
        new = seen.failure != problem.code
        # Stale: the stored document, or the remembered links of the page, are still in use.
        stale = seen.links is not None or (kept is not None and not kept.deleted)
        self._tell(url, "failed", problem, kept=kept, new=new, stale=stale)

    def _tell(
        self,
        url: str,
        result: Result,
        problem: Problem | None = None,
        *,
        kept: Kept | None,
        new: bool = True,
        stale: bool = False,
    ) -> None:
        path = self.keeper.shown(kept)
        found = Outcome(self.source.name, url, result, path, problem, new, stale)
        self.outcomes.append(found)
        self.report.documents += result in ("added", "changed", "unchanged", "returned")

    # --- after -------------------------------------------------------------------------------

    def _finish(self) -> None:
        source, report = self.source, self.report
        for why, urls in self._unasked.items():
            self._warn(*why, f"{len(urls):,}", urls[0][:200], failed=True)
        self._addresses.tell_elsewhere()
        if self._dead:
            self._warn("dead_links", len(self._dead), self._dead[0])
        waiting = sum(map(len, self._unasked.values()))
        if report.documents < source.min and report.documents + waiting < source.min:
            self._complete = False  # the pages show too little to tell what is unlinked
            self._warn("too_few", report.documents, source.min, failed=True)
        if source.max is not None and report.documents > source.max:
            self._warn("too_many", report.documents, source.max)
        self._addresses.tell_unread()
        self._complete &= self._addresses.complete
        self._withdraw_all()
        left = [url for urls in self._unasked.values() for url in urls]
        unasked = [url for url in left if url not in self._begun] + self._begun
        addresses = self._addresses
        self.memory.close(unasked, addresses.met_keys, addresses.is_page, complete=self._complete)

    def _withdraw_all(self) -> None:
        """Mark what is gone or no longer linked as withdrawn, unless it is too much for one run."""
        try:
            found, offered = self._leaving()
        except Stopped:
            # No time is left to tell which unlinked files are copies of what is still offered.
            self._complete = False
            found, offered = self._leaving()
        if not self.allow_withdrawal and (many := held_back(found, offered)):
            self._complete = False
            self._warn("mass_withdrawal", *many.details, failed=True)
            found = [one for one in found if one.kept.sidecar.withdrawn]
        for one in found:
            new = self.keeper.withdraw(one.kept, one.why, self.now())
            self.memory.settle(one.url)
            self._tell(one.url, "withdrawn", kept=one.kept, new=new)

    def _leaving(self) -> tuple[list[Leaving], int]:
        gone = self._gone_files.values()
        return leaving(self.keeper, self.source.wants, gone, self._claimed, complete=self._complete)


def _listing(seen: Seen) -> Listing:
    return Listing(seen.links or (), seen.left, seen.more, seen.index)


def _preference(kept: Kept) -> tuple[bool, bool, str]:
    """Return a sort key for candidates: not deleted, then still offered, then latest retrieved."""
    return not kept.deleted, kept.sidecar.withdrawn is None, kept.sidecar.retrieved
