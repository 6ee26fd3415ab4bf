"""What one source remembers of its URLs: read from the last run, written for the next.

`SourceMemory` takes the `Seen` of each URL from runs/fetch-state.json and gives, in `after`, what
is to be stored. Apart from `visit`, which decides what to ask for. URLs are compared by their
certain key (`pages.identity`), because a site may put another session token into each. The trap:
where the memory was lost, it is not known to which kept files a page linked, so `Seen.lost` is set
and nothing counts as withdrawn until the page has been read again.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence

from msgspec.structs import replace

from shisaku.ingest.fetch.bounds import LinkMemory, bounded, rules_of, taken_up
from shisaku.ingest.fetch.http.client import Answer, Validators
from shisaku.ingest.fetch.kept.keeper import Keeper, Kept, printable
from shisaku.ingest.fetch.pages.judging import Read
from shisaku.ingest.fetch.pages.listing import resolved
from shisaku.ingest.fetch.sources import Source
from shisaku.ingest.fetch.state import READING, Seen
from shisaku.ingest.words.look import Look


class SourceMemory:
    """What was seen of the URLs of a source; `now` gives the time (ISO 8601, UTC)."""

    def __init__(
        self, source: Source, keeper: Keeper, before: dict[str, Seen], now: Callable[[], str]
    ) -> None:
        self.before, self.turns = taken_up(before)
        """What the last run saw, by URL, and the places in the queue of what it did not ask for."""
        self.after: dict[str, Seen] = {}
        """What this run has seen, by URL."""
        self.rules = rules_of(source)
        self._keeper = keeper
        self._identity = keeper.identity
        self._now = now
        self._earlier = _by_key(self.before, self._identity.certain)
        self._links = LinkMemory()
        forgot = not self.before or any(seen.lost for seen in self.before.values())
        self._lost = forgot and bool(keeper.all())
        """Whether files may have come from pages of which nothing is remembered."""

    def known(self, url: str) -> Seen | None:
        """Return what the last run saw of a URL, or of the same URL with another token."""
        return self.before.get(url) or self._earlier.get(self._identity.certain(url))

    def seen(self, url: str, *, page: bool) -> Seen:
        """Return what the last run saw of a URL, else an empty record.

        `page` tells that the URL is looked at for links.
        """
        return self.known(url) or Seen(lost=self._lost and page)

    def answered(self, url: str, answer: Answer, read: Read, kept: Kept | None) -> Seen:
        """Note what a URL gave, and return it with all its links.

        In `after` the links are left out where the source has too many (`bounds.LinkMemory`).
        """
        if answer.status == 304:
            old = self.known(url)
            if old is None:
                old = _from_sidecar(kept) if kept else Seen()
            seen = replace(old, checked=self._now(), failure="")
            self.after[url] = self._links.admit(seen)
            return seen
        look = read.look or Look()
        seen = Seen(
            checked=self._now(),
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
                rules=self.rules,
                left=listing.left,
                more=listing.more,
                index=listing.index,
                marks=listing.marks,
            )
        self.after[url] = self._links.admit(seen)
        return seen

    def gives(self, url: str, kept: Kept) -> None:
        """Note that a URL gave the words of `kept`, where its bytes are others."""
        seen = self.after[url]
        other = kept.sidecar.sha256 if seen.sha256 != kept.sidecar.sha256 else ""
        self.after[url] = replace(seen, gives=other)

    def failed(self, url: str, code: str, *, page: bool) -> Seen:
        """Note the code of a URL's problem; return what the last run saw."""
        seen = self.seen(url, page=page)
        self.after[url] = replace(seen, failure=code)
        return seen

    def settle(self, url: str) -> None:
        """Note that a URL has no problem: what it gave is withdrawn, and its failure expected."""
        if seen := self.known(url):
            self.after[url] = replace(seen, failure="")

    def recalled(self, url: str) -> Seen:
        """Return what was seen of a page that is gone, and keep it for the next run."""
        seen = self.after[url] = self.after.get(url) or self.seen(url, page=True)
        return seen

    def validators(
        self, url: str, kept: Kept | None, others: Sequence[Kept], *, wanted: bool, look: bool
    ) -> Validators | None:
        """Return what makes the request for a URL conditional; None where it must not be.

        `kept` and `others` are as in `Visit._fetch`; `wanted`: the URL is a document's, `look`: it
        is a page's, whose links must be known.
        """
        seen = self.known(url)
        if look and (
            seen is None
            or seen.links is None
            or seen.reading != READING
            or seen.rules not in ("", self.rules)
        ):
            return None  # an answer "not modified" has no links
        versions = {one.sidecar.sha256 for one in ([kept] if kept else others)}
        if wanted and (seen is None or seen.version not in versions):
            if look or kept is None:
                return None
            seen = _from_sidecar(kept)
        if seen is None:
            return None
        # The same document, with the token of this run.
        same = self._identity.certain(seen.final_url) == self._identity.certain(url)
        return Validators(url if same else seen.final_url, seen.etag, seen.last_modified)

    def close(
        self,
        unasked: Sequence[str],
        met_keys: Collection[str],
        is_page: Callable[[str], bool],
        *,
        complete: bool,
    ) -> None:
        """Make `after` what the next run needs, within the bounds of a source.

        `unasked` are the URLs left for the next run, in their turn; `met_keys` the certain keys of
        all URLs that this run met; `is_page(url)` tells pages from documents. Where the
        run is not `complete`, what it did not meet is carried over.
        """
        key = self._identity.certain
        if not complete:
            keys = {key(url) for url in self.after}
            old = {url: seen for url, seen in self.before.items() if key(url) not in keys}
            self.after = old | self.after
            for url, turn in self.turns.items():
                if key(url) not in met_keys:  # nothing led to it this time
                    self.after[url] = replace(self.after.get(url, Seen()), turn=turn)
        for turn, url in enumerate(unasked, 1):
            seen = self.after.get(url) or self.seen(url, page=is_page(url))
            self.after[url] = replace(seen, turn=turn)
        stored = {key(kept.sidecar.url) for kept in self._keeper.all()}
        self.after = bounded(self.after, [url for url in self.after if key(url) in stored])


def _by_key(before: dict[str, Seen], key: Callable[[str], str]) -> dict[str, Seen]:
    """Return what is remembered by the certain key of its address; of several the newest."""
    found: dict[str, Seen] = {}
    for url, seen in before.items():
        name = key(url)
        if name not in found or found[name].checked < seen.checked:
            found[name] = seen
    return found


def _from_sidecar(kept: Kept) -> Seen:
    """Return what the sidecar of a file remembers, for a run that lost its memory."""
    old = kept.sidecar
    return Seen(
        final_url=old.final_url,
        etag=old.etag,
        last_modified=old.last_modified,
        sha256=old.sha256,
    )
