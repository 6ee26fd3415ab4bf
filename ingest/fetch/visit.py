"""One source in one run: from its watched pages to every document they lead to.

Pages nearer to the watched ones come first, so that a link is met at its smallest depth. A document
counts as no longer linked only where every page could be read: one index page that fails must not
withdraw what it leads to. A followed page that is gone is taken at its last word.

An address under which nothing is stored may be another address of what is stored (`identity.py`).
It waits until all others have been asked for: only then is it known which stored documents are
still offered under their own addresses.
"""

import hashlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from ingest.disk.removals import too_many
from ingest.fetch.client import GONE, Answer, Client, Policy, Validators
from ingest.fetch.disguise import RECALLED, STANDING_IN, Past, disguise
from ingest.fetch.failures import FetchFailure, source_problem, url_problem
from ingest.fetch.identity import is_file
from ingest.fetch.keeper import Keeper, Kept, printable
from ingest.fetch.pagination import Lists
from ingest.fetch.report import Outcome, Result, SourceReport
from ingest.fetch.sources import Source
from ingest.fetch.state import READING, Seen
from ingest.fetch.urls import canonical, directory_of, host_of, identity, matches, suffix_of
from ingest.html.links import read_links
from ingest.model import Problem
from ingest.sidecar import charset_of
from ingest.sniff import sniff
from ingest.words.look import Look
from ingest.words.reader import Reader

Progress = Callable[[int, int, str], None]
"""Called with the number of URLs asked, the number known so far, and the URL just asked."""

_MAX_LINKS = 20_000
_MAX_PAGE = 10_000_000
"""Bytes of a page that is read for links; here no other process bears the parser's appetite."""
_SAME_LINKS = 0.9
"""Part of a page's links, where none of them is a document, that shows it to be what it was."""
_LISTED = 10
"""Addresses named where many documents would be withdrawn at once."""
# What these hold is no page to look at for links.
_NO_PAGE_NAMES = (
    "pdf doc docx xls xlsx ppt pptx csv zip lzh jpg jpeg png gif svg mp3 mp4 wmv txt xml rss rdf"
    " css js ico epub jtd odt ods"
)
_NO_PAGE = frozenset(f".{name}" for name in _NO_PAGE_NAMES.split())


@dataclass
class _Read:
    """What was found out about an answer while it was judged."""

    look: Look | None = None
    links: tuple[str, ...] | None = None


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
        self._queue: deque[str] = deque()
        self._later: list[str] = []
        """Addresses of documents that may be stored under other addresses."""
        self._met: set[str] = set()
        """Identities of all addresses in the queue or done."""
        self._keys: set[str] = set()
        """Their certain keys."""
        self._claimed: set[Path] = set()
        """Kept files whose documents are offered in this run."""
        self._gone_files: dict[Path, tuple[str, Kept]] = {}
        """Kept files whose addresses are gone, with the addresses."""
        self._waited: set[str] = set()
        """Addresses that have been in `_later`."""
        self._watched = frozenset(self.source.pages)
        self._lists = Lists(self._identity.certain, self.source.list_pages)
        self._earlier = _by_key(self.before, self._identity.certain)
        self._level: dict[str, int | None] = {}
        """Depth of a page to look at for links; None for a mere document."""
        self._complete = True
        self._skipped: set[str] = set()
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
        while self._queue or self._later:
            urls = [self._queue.popleft()] if self._queue else self._of_one_document()
            for url in urls:
                self._visit(url, urls)
            done += len(urls)
            if self.progress:
                self.progress(done, len(self._level), urls[0])
        self._finish()

    def _warn(self, code: str, *details: object, failed: bool = False) -> None:
        problem = source_problem(code, *details, failed=failed, command=self.command)
        self.report.problems.append(problem)

    # --- one URL -----------------------------------------------------------------------------

    def _visit(self, url: str, urls: list[str]) -> None:
        """Ask for a URL; `urls` are those that are asked for together, as of one document."""
        kept, others = self.keeper.get(url), list[Kept]()
        if self.source.wants(url) and kept is None:
            twins = self.keeper.certain(url)
            others = self.keeper.likely(url)
            if (twins or others) and url not in self._waited:
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
        look = self._level[url] is not None
        wanted = self.source.wants(url)
        stored = [kept] if kept else others
        if wanted and stored and all(one.deleted for one in stored):
            self._tell(url, "removed", kept=stored[0], new=False)
            wanted = False
            if not look:
                return
        self.report.pages += look
        read = _Read()
        try:
            answer = self.client.get(
                url,
                self.source,
                validators=self._validators(url, kept, others, wanted=wanted, look=look),
                policy=self.policy,
                judge=lambda answer: self._judge(url, answer, kept, wanted, read),
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
        self._remember(url, answer, read, kept)
        if wanted and (kept or not others):
            self._bring(url, answer, kept)
        elif wanted:
            self._bring_as_one_of(url, answer, others, alone=alone)
        if look:
            seen = self.after[url]
            self._follow(url, seen.links or (), seen.next)

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
            elif self.keeper.same_words(one, answer.body, _charset(answer)):
                return one
        return None

    def _stored_as(self, kept: Kept | None, url: str) -> Kept | None:
        """Give a kept file as it is now, after it was written."""
        found = self.keeper.get(url)
        if kept and (found is None or found.path != kept.path):
            return self.keeper.get(kept.sidecar.url)
        return found

    def _gives(self, url: str, kept: Kept) -> None:
        """Remember whose words an address gives, where its bytes are others."""
        seen = self.after[url]
        other = kept.sidecar.sha256 if seen.sha256 != kept.sidecar.sha256 else ""
        self.after[url] = replace(seen, gives=other)

    def _validators(
        self, url: str, kept: Kept | None, others: list[Kept], *, wanted: bool, look: bool
    ) -> Validators | None:
        seen = self._known(url)
        if look and (seen is None or seen.links is None or seen.reading != READING):
            return None  # without an answer in full there would be no links
        versions = {one.sidecar.sha256 for one in ([kept] if kept else others)}
        if wanted and not versions:
            return None
        if wanted and (seen is None or seen.version not in versions):
            if look or kept is None:
                return None
            seen = _from_sidecar(kept)
        if seen is None:
            return None
        # The same document under this run's token.
        same = self._identity.certain(seen.final_url) == self._identity.certain(url)
        return Validators(url if same else seen.final_url, seen.etag, seen.last_modified)

    def _judge(
        self, url: str, answer: Answer, kept: Kept | None, wanted: bool, read: _Read
    ) -> None:
        if wanted:
            self.keeper.judge(url, answer, kept)
        found = sniff(answer.body)
        if url in self._watched and found != "html":
            word = {"pdf": "a PDF", "empty": "empty"}.get(found, "something else")
            raise FetchFailure(url_problem("no_page", word), again=found == "empty")
        look = self._level[url] is not None
        if found == "html" and len(answer.body) <= _MAX_PAGE and (look or wanted):
            read.look = self.reader.look(answer.body, _charset(answer))
        if look:
            read.links = _links(answer, read.look.encoding if read.look else "utf-8")
        if read.look and not self.allow_withdrawal:
            self._compare(url, kept, read.look, read.links)

    def _compare(
        self, url: str, kept: Kept | None, look: Look, links: tuple[str, ...] | None
    ) -> None:
        """Raise `FetchFailure` for a page that is not what it was, but stands in its place."""
        seen = self._known(url)
        past = None
        if seen and seen.reading == READING:
            past = Past(seen.characters, seen.main, seen.sign)
        elif kept and (body := self.keeper.original(kept)) is not None:
            old = self.reader.look(body, kept.sidecar.charset)
            past = Past(old.characters, old.main, old.sign) if old else Past()
        elif kept or (seen and seen.links is not None):
            past = Past()
        found = disguise(
            look,
            past,
            document=links is None,
            keeps_links=links is not None and self._keeps(seen, links),
        )
        if found:
            raise FetchFailure(url_problem(*found))

    def _keeps(self, seen: Seen | None, links: tuple[str, ...]) -> bool:
        """Tell whether a page leads to at least half of what it led to: documents, if it did."""
        now = {self._identity.certain(link) for link in links}
        wants = self.source.wants
        if seen is None or seen.links is None:
            return any(wants(link) for link in links)
        old = [link for link in seen.links if wants(link)]
        # Menus stay where a list is out of order, so all links together must nearly all be there.
        least = 0.5 if old else _SAME_LINKS
        old = old or list(seen.links)
        return sum(self._identity.certain(one) in now for one in old) >= max(1, len(old) * least)

    def _gone(self, url: str, answer: Answer, kept: Kept | None, *, wanted: bool) -> None:
        watched = url in self._watched
        if kept and not watched:
            self._gone_files[kept.path] = (url, kept)
        elif wanted or watched:
            self._complete &= not watched
            self._fail(url, url_problem("not_found", f"status {answer.status}"), kept)
        else:
            self._dead.append(url)
        if self._level[url] is not None and not watched:
            self._recall(url)

    def _recall(self, url: str) -> None:
        """Ask for what a page that is gone led to when it was read: that may still be there.

        A page that is missing for one night must not take with it what it links to. One that was
        never read led to nothing, unless the memory of it was lost.
        """
        seen = self.after[url] = self.after.get(url) or self._seen(url)
        if seen.links is not None:
            self._follow(url, seen.links, seen.next)
        elif seen.lost:
            self._complete = False

    def _known(self, url: str) -> Seen | None:
        """Give what is remembered of a URL, or of the same under another night's token."""
        return self.before.get(url) or self._earlier.get(self._identity.certain(url))

    def _seen(self, url: str) -> Seen:
        """Give what is remembered of a URL, or that nothing is."""
        return self._known(url) or Seen(lost=self._lost and self._level[url] is not None)

    def _withdraw(self, url: str, kept: Kept, why: str) -> None:
        new = self.keeper.withdraw(kept, why, self.now())
        if seen := self._known(url):
            self.after[url] = replace(seen, failure="")
        self._tell(url, "withdrawn", kept=kept, new=new)

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

    def _remember(self, url: str, answer: Answer, read: _Read, kept: Kept | None) -> None:
        if answer.status == 304:
            old = self._known(url)
            if old is None:
                old = _from_sidecar(kept) if kept else Seen()
            self.after[url] = replace(old, checked=self.now(), failure="")
            return
        look = read.look or Look()
        self.after[url] = Seen(
            checked=self.now(),
            final_url=answer.url,
            etag=printable(answer.headers.get("etag", "")),
            last_modified=printable(answer.headers.get("last-modified", "")),
            sha256=hashlib.sha256(answer.body).hexdigest(),
            links=read.links,
            reading=READING if read.look else 0,
            next=_resolved(look.next, answer.url, look.encoding),
            characters=look.characters,
            main=look.main,
            sign=look.sign,
        )

    # --- links -------------------------------------------------------------------------------

    def _follow(self, url: str, links: tuple[str, ...], following: tuple[str, ...]) -> None:
        if len(links) > _MAX_LINKS:
            self._complete = False  # what is beyond has not been seen, but may be there
            self._warn("too_many_links", _MAX_LINKS, url)
        said = frozenset(following)
        # Also <link rel=next>, which is no link that a reader sees.
        for link in dict.fromkeys((*links[:_MAX_LINKS], *following)):
            if self._leads_on(url, link, link in said):
                self._go_on(url, link)
            elif link not in said or link in links:
                self._meet(link, self._level[url] or 0)

    def _leads_on(self, url: str, link: str, said: bool) -> bool:
        """Tell whether a link leads to another page of the list that a page is part of."""
        out = any(matches(item, link) for item in self.source.exclude)
        if out or suffix_of(link) in _NO_PAGE or not self.source.admits(link):
            return False
        return self._lists.leads_on(url, link, said)

    def _go_on(self, url: str, link: str) -> None:
        """Look at another page of a list, at the depth of the first."""
        if not self._lists.admit(url, link):
            return
        if self._is_met(link):
            return
        if self._pages >= self.source.max_pages:
            self._lists.refuse(url, link)
        else:
            self._add(link, self._level[url] or 0)

    def _is_met(self, link: str) -> bool:
        if identity(link) in self._met:
            return True
        return self._identity.certain(link) in self._keys and not self.keeper.get(link)

    def _meet(self, link: str, level: int) -> None:
        wanted = self.source.wants(link)
        follow = level < self.source.depth and self._is_followed(link)
        if self._is_met(link):
            return
        if not self.source.admits(link):
            if wanted:
                self._elsewhere[link] = None
            else:
                self._skipped.add(link)
        elif wanted or follow:
            self._add(link, level + 1 if follow else None)
        else:
            self._skipped.add(link)

    def _is_followed(self, link: str) -> bool:
        source = self.source
        if suffix_of(link) in _NO_PAGE or any(matches(item, link) for item in source.exclude):
            return False
        if source.follow:
            return any(matches(pattern, link) for pattern in source.follow)
        return any(link.startswith(directory_of(page)) for page in source.pages)

    def _add(self, url: str, level: int | None) -> None:
        if self._is_met(url):
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
        self._met.add(identity(url))
        self._keys.add(self._identity.certain(url))
        self._level[url] = level
        self._queue.append(url)

    # --- after -------------------------------------------------------------------------------

    def _finish(self) -> None:
        source, report = self.source, self.report
        report.skipped = len(self._skipped)
        if self._elsewhere:
            hosts = ", ".join(sorted({host_of(link) for link in self._elsewhere})[:5])
            self._warn("other_hosts", len(self._elsewhere), hosts)
        if self._dead:
            self._warn("dead_links", len(self._dead), self._dead[0])
        if report.documents < source.min:
            self._complete = False  # what is missing then is the pages' fault
            self._warn("too_few", report.documents, source.min, failed=True)
        if source.max is not None and report.documents > source.max:
            self._warn("too_many", report.documents, source.max)
        for pages, root in self._lists.unread(self._is_met):
            self._complete = False  # what the rest of the list leads to has not been seen
            self._warn("list_goes_on", pages, root, failed=True)
        self._withdraw_all()
        if not self._complete:
            keys = {self._identity.certain(url) for url in self.after}
            old = {
                url: seen
                for url, seen in self.before.items()
                if self._identity.certain(url) not in keys
            }
            self.after = old | self.after

    def _withdraw_all(self) -> None:
        """Mark what is gone or no longer linked, unless that is too much for one night."""
        # What the patterns no longer cover was left out by the user, not by the publisher.
        mine = [
            kept
            for kept in self.keeper.all()
            if self.source.wants(kept.sidecar.url) and not kept.deleted
        ]
        going = [(url, kept, "gone") for url, kept in self._gone_files.values()]
        unlinked = sorted(
            (kept for kept in mine if kept.path not in self._claimed and not self._has_twin(kept)),
            key=lambda kept: kept.sidecar.url,
        )
        going += [
            (kept.sidecar.url, kept, "unlinked")
            for kept in unlinked
            if kept.sidecar.withdrawn or self._complete
        ]
        fresh = [url for url, kept, _ in going if not kept.sidecar.withdrawn]
        offered = sum(not kept.sidecar.withdrawn for kept in mine)
        if too_many(len(fresh), offered) and not self.allow_withdrawal:
            self._complete = False
            named = ", ".join(fresh[:_LISTED]) + (" …" if len(fresh) > _LISTED else "")
            self._warn("mass_withdrawal", len(fresh), offered, named, failed=True)
            going = [one for one in going if one[1].sidecar.withdrawn]
        for url, kept, why in going:
            self._withdraw(url, kept, why)

    def _has_twin(self, kept: Kept) -> bool:
        """Tell whether a file that is offered no more says what one under another address does.

        What an earlier version of the program stored twice, under two tokens.
        """
        if kept.sidecar.withdrawn:
            return False
        body = self.keeper.original(kept)
        return body is not None and any(
            one.path in self._claimed and self.keeper.same_words(one, body, kept.sidecar.charset)
            for one in self.keeper.certain(kept.sidecar.url)
        )


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


def _charset(answer: Answer) -> str:
    return charset_of(printable(answer.headers.get("content-type", "")))


def _from_sidecar(kept: Kept) -> Seen:
    """Give what the sidecar remembers, for a run that lost its memory."""
    old = kept.sidecar
    return Seen("", old.final_url, old.etag, old.last_modified, old.sha256)


def _links(answer: Answer, encoding: str) -> tuple[str, ...]:
    if sniff(answer.body) != "html":
        return ()
    if len(answer.body) > _MAX_PAGE:
        raise FetchFailure(url_problem("too_large_page", f"{_MAX_PAGE / 1_000_000:g}"))
    try:
        base, links = read_links(answer.body, _charset(answer))
    except Exception as error:  # whatever a page does to the parser, the other pages go on
        raise FetchFailure(url_problem("unreadable", type(error).__name__)) from error
    start = canonical(base, answer.url, encoding) or answer.url
    return _resolved(links, start, encoding)[: _MAX_LINKS + 1]


def _resolved(links: tuple[str, ...], start: str, encoding: str) -> tuple[str, ...]:
    found = (canonical(link, start, encoding) for link in links)
    return tuple(dict.fromkeys(url for url in found if url))
