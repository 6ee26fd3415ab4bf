"""One source in one run: from its watched pages to every document they lead to.

Pages nearer to the watched ones come first, so that a link is met at its smallest depth. A document
counts as no longer linked only where every page could be read: one index page that fails must not
withdraw what it leads to. A followed page that is gone is taken at its last word.

An address under which nothing is stored may be another address of what is stored (`identity.py`).
It waits until all others have been asked for: only then is it known which stored documents are
still offered under their own addresses.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from shisaku.ingest.fetch.bounds import LinkMemory, bounded, rules_of, taken_up
from shisaku.ingest.fetch.deadlines import Stopped
from shisaku.ingest.fetch.failures import FetchFailure, source_problem, url_problem
from shisaku.ingest.fetch.http.client import GONE, Answer, Client, Policy, Validators
from shisaku.ingest.fetch.kept.keeper import Keeper, Kept, charset, printable
from shisaku.ingest.fetch.kept.withdrawal import Leaving, held_back, leaving
from shisaku.ingest.fetch.pages.addresses import Addresses
from shisaku.ingest.fetch.pages.disguise import RECALLED, STANDING_IN
from shisaku.ingest.fetch.pages.identity import is_file
from shisaku.ingest.fetch.pages.judging import Judge, Read
from shisaku.ingest.fetch.pages.listing import Listing, resolved
from shisaku.ingest.fetch.report import Outcome, Result, SourceReport
from shisaku.ingest.fetch.sources import Source
from shisaku.ingest.fetch.state import READING, Seen
from shisaku.ingest.model import Problem
from shisaku.ingest.words.look import Look
from shisaku.ingest.words.reader import Reader

Progress = Callable[[int, int, str], None]
"""Called with the number of URLs asked, the number known so far, and the URL just asked."""


@dataclass
class Visit:
    """The run over one source; `run` does it all and leaves its findings in the fields."""

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
    after: dict[str, Seen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.report = SourceReport(self.source.name, self.source.publisher)
        self._identity = self.keeper.identity
        self.before, self._turns = taken_up(self.before)
        self._earlier = _by_key(self.before, self._identity.certain)
        self._addresses = Addresses(
            self.source, self.keeper, self.report, self._warn, self.before, self._turns
        )
        self._judge = Judge(
            self.source,
            self.keeper,
            self.reader,
            self._addresses,
            self._known,
            compare=not self.allow_withdrawal,
        )
        self._later: list[str] = []
        """Addresses of documents that may be stored under other addresses."""
        self._waited: set[str] = set()
        """Addresses that have been in `_later`."""
        self._claimed: set[Path] = set()
        """Kept files whose documents are offered in this run."""
        self._gone_files: dict[Path, tuple[str, Kept]] = {}
        """Kept files whose addresses are gone, with the addresses."""
        self._complete = True
        self._unasked: dict[tuple[str, ...], list[str]] = {}
        """What was left for the next run, by why: code and details of the problem."""
        self._begun: list[str] = []
        """Those among them that were being asked for: last in turn, to keep nothing waiting."""
        self._rules = rules_of(self.source)
        self._memory = LinkMemory()
        self._dead: list[str] = []
        forgot = not self.before or any(seen.lost for seen in self.before.values())
        self._lost = forgot and bool(self.keeper.all())
        """Whether files may have come from pages of which nothing is remembered."""

    def run(self) -> None:
        """Ask for every URL of the source, then compare with what is kept."""
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
        """Leave an address for the next run, and where the source is over all others as well.

        `rest` are those that were taken out of `_later` together with it.
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
        """Ask for a URL; `urls` are those that are asked for together, as of one document."""
        kept, others = self.keeper.get(url), list[Kept]()
        if self.source.wants(url) and kept is None:
            twins = self.keeper.certain(url)
            others = self.keeper.likely(url)
            # Surely the document, and left by the last run: it must not wait for all others again.
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
        """Take out of `_later` the addresses that may all be one document's."""
        key = self._identity.likely(self._later[0])
        found = [url for url in self._later if self._identity.likely(url) == key]
        self._later = [url for url in self._later if self._identity.likely(url) != key]
        return found

    def _fetch(self, url: str, kept: Kept | None, others: list[Kept], *, alone: bool) -> None:
        """Ask for a URL under which `kept` is stored, or perhaps one of `others`.

        `alone` tells that no other address of this run may be one of `others`.
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
                validators=self._validators(url, kept, others, wanted=wanted, look=look),
                policy=self.policy,
                judge=lambda answer: self._judge.judge(url, answer, kept, read, wanted=wanted),
            )
        except FetchFailure as failure:
            self._complete &= not look
            # One of them is likely to be what could not be asked for.
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
        seen = self._remember(url, answer, read, kept)
        if wanted and (kept or not others):
            self._bring(url, answer, kept)
        elif wanted:
            self._bring_as_one_of(url, answer, others, alone=alone)
        if look:
            self._addresses.follow(url, read.listing or _listing(seen), seen.next)

    def _bring(self, url: str, answer: Answer, kept: Kept | None) -> None:
        """Take what a URL gave as the document that is stored as `kept`, or as a new one."""
        if answer.status == 200:
            result = self.keeper.take(url, answer, self.now(), kept)
        else:
            assert kept is not None  # nothing else makes a request conditional
            result = self.keeper.settle(kept, url)
        now = self._stored_as(kept, url)
        if now:
            self._claimed.add(now.path)
            self._gives(url, now)
        self._tell(url, result, kept=now)

    def _bring_as_one_of(
        self, url: str, answer: Answer, others: list[Kept], *, alone: bool
    ) -> None:
        """Decide by the words which of `others` a URL gives, if any.

        Other words under `?v=2` are a new version where the address names a file and there is one
        document of which they can be that; everywhere else they are another document.
        """
        same = self._same(url, answer, others)
        if same and same.path in self._claimed:
            self.report.aliases += 1
            self._gives(url, same)
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
        """Give which of the kept files says what the answer says; one that is offered first."""
        found = sorted(others, key=lambda one: (one.path in self._claimed, _preference(one)))
        for one in reversed(found):
            if answer.status == 304:
                if self._seen(url).version == one.sidecar.sha256:
                    return one
            elif self.keeper.same_words(one, answer.body, charset(answer)):
                return one
        return None

    def _stored_as(self, kept: Kept | None, url: str) -> Kept | None:
        """Give a kept file as it is now, after it was written."""
        found = self.keeper.get(url)
        if kept and (found is None or found.path != kept.path):
            return self.keeper.get(kept.sidecar.url)
        return found

    def _validators(
        self, url: str, kept: Kept | None, others: list[Kept], *, wanted: bool, look: bool
    ) -> Validators | None:
        seen = self._known(url)
        if look and (
            seen is None
            or seen.links is None
            or seen.reading != READING
            or seen.rules not in ("", self._rules)
        ):
            return None  # without an answer in full there would be no links
        versions = {one.sidecar.sha256 for one in ([kept] if kept else others)}
        if wanted and (seen is None or seen.version not in versions):
            if look or kept is None:
                return None
            seen = _from_sidecar(kept)
        if seen is None:
            return None
        # The same document under this run's token.
        same = self._identity.certain(seen.final_url) == self._identity.certain(url)
        return Validators(url if same else seen.final_url, seen.etag, seen.last_modified)

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
        """Ask for what a page that is gone led to when it was read: that may still be there.

        A page that is missing for one night must not take with it what it links to. One that was
        never read led to nothing, unless the memory of it was lost.
        """
        seen = self.after[url] = self.after.get(url) or self._seen(url)
        if seen.links is not None:
            # Picked by other patterns, they may lack what is wanted now.
            self._complete &= seen.rules in ("", self._rules)
            self._addresses.follow(url, _listing(seen), seen.next)
        elif seen.lost:
            self._complete = False

    # --- what is remembered ------------------------------------------------------------------

    def _known(self, url: str) -> Seen | None:
        """Give what is remembered of a URL, or of the same under another night's token."""
        return self.before.get(url) or self._earlier.get(self._identity.certain(url))

    def _seen(self, url: str) -> Seen:
        """Give what is remembered of a URL, or that nothing is."""
        return self._known(url) or Seen(lost=self._lost and self._addresses.is_page(url))

    def _remember(self, url: str, answer: Answer, read: Read, kept: Kept | None) -> Seen:
        """Note what a URL gave; return it, also where it is too much to be remembered."""
        if answer.status == 304:
            old = self._known(url)
            if old is None:
                old = _from_sidecar(kept) if kept else Seen()
            seen = replace(old, checked=self.now(), failure="")
            self.after[url] = self._memory.admit(seen)
            return seen
        look = read.look or Look()
        seen = Seen(
            checked=self.now(),
            final_url=answer.url,
            etag=printable(answer.headers.get("etag", "")),
            last_modified=printable(answer.headers.get("last-modified", "")),
            sha256=hashlib.sha256(answer.body).hexdigest(),
            reading=read.reading,
            next=resolved(look.next, answer.url, look.encoding),
            characters=look.characters,
            main=look.main,
            sign=look.sign,
        )
        if (listing := read.listing) is not None:
            seen = replace(
                seen,
                links=listing.links,
                rules=self._rules,
                left=listing.left,
                more=listing.more,
                index=listing.index,
                marks=listing.marks,
            )
        self.after[url] = self._memory.admit(seen)
        return seen

    def _gives(self, url: str, kept: Kept) -> None:
        """Remember whose words an address gives, where its bytes are others."""
        seen = self.after[url]
        other = kept.sidecar.sha256 if seen.sha256 != kept.sidecar.sha256 else ""
        self.after[url] = replace(seen, gives=other)

    # --- what is told ------------------------------------------------------------------------

    def _fail(self, url: str, problem: Problem, kept: Kept | None) -> None:
        seen = self._seen(url)
        self.after[url] = replace(seen, failure=problem.code)
        new = seen.failure != problem.code
        # What was read before answers on: the document, or the list of what the page leads to.
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
            self._complete = False  # what is missing then is the pages' fault
            self._warn("too_few", report.documents, source.min, failed=True)
        if source.max is not None and report.documents > source.max:
            self._warn("too_many", report.documents, source.max)
        self._addresses.tell_unread()
        self._complete &= self._addresses.complete
        self._withdraw_all()
        self._keep_in_mind()

    def _withdraw_all(self) -> None:
        """Mark what is gone or no longer linked, unless that is too much for one night."""
        try:
            found, offered = self._leaving()
        except Stopped:
            # No time to tell which of the unlinked are copies of what is still offered.
            self._complete = False
            found, offered = self._leaving()
        if not self.allow_withdrawal and (many := held_back(found, offered)):
            self._complete = False
            self._warn("mass_withdrawal", *many.details, failed=True)
            found = [one for one in found if one.kept.sidecar.withdrawn]
        for one in found:
            new = self.keeper.withdraw(one.kept, one.why, self.now())
            if seen := self._known(one.url):
                self.after[one.url] = replace(seen, failure="")
            self._tell(one.url, "withdrawn", kept=one.kept, new=new)

    def _leaving(self) -> tuple[list[Leaving], int]:
        gone = self._gone_files.values()
        return leaving(self.keeper, self.source.wants, gone, self._claimed, complete=self._complete)

    def _keep_in_mind(self) -> None:
        """Make `after` what the next run needs: also what was not asked, with its turn."""
        key = self._identity.certain
        if not self._complete:
            keys = {key(url) for url in self.after}
            old = {url: seen for url, seen in self.before.items() if key(url) not in keys}
            self.after = old | self.after
            for url, turn in self._turns.items():
                if key(url) not in self._addresses.met_keys:  # nothing led to it this time
                    self.after[url] = replace(self.after.get(url, Seen()), turn=turn)
        left = [url for urls in self._unasked.values() for url in urls]
        unasked = [url for url in left if url not in self._begun] + self._begun
        for turn, url in enumerate(unasked, 1):
            self.after[url] = replace(self.after.get(url) or self._seen(url), turn=turn)
        stored = {key(kept.sidecar.url) for kept in self.keeper.all()}
        self.after = bounded(self.after, [url for url in self.after if key(url) in stored])


def _listing(seen: Seen) -> Listing:
    return Listing(seen.links or (), seen.left, seen.more, seen.index)


def _preference(kept: Kept) -> tuple[bool, bool, str]:
    """Sort what a new address may stand for: what is there, is offered, and came last is best."""
    return not kept.deleted, kept.sidecar.withdrawn is None, kept.sidecar.retrieved


def _by_key(before: dict[str, Seen], key: Callable[[str], str]) -> dict[str, Seen]:
    """Give what is remembered by the certain key of its address; of several the newest."""
    found: dict[str, Seen] = {}
    for url, seen in before.items():
        name = key(url)
        if name not in found or found[name].checked < seen.checked:
            found[name] = seen
    return found


def _from_sidecar(kept: Kept) -> Seen:
    """Give what the sidecar remembers, for a run that lost its memory."""
    old = kept.sidecar
    return Seen("", old.final_url, old.etag, old.last_modified, old.sha256)
