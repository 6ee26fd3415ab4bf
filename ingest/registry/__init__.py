"""Domain knowledge: ministries, plans and kinds of document, each a TOML file and its reader.

`registry()` is the entry point. Its methods take texts and give canonical names; no document is
read. Modules that only the parser needs are loaded on first use: a search needs the bodies only.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from shisaku.ingest.registry.ministries import Bodies, Body, bodies

if TYPE_CHECKING:
    from shisaku.ingest.registry.kinds import KindFound
    from shisaku.ingest.registry.lists import MinistryList
    from shisaku.ingest.registry.plans import PlanRef

__all__ = ["Body", "Registry", "registry"]


class Registry:
    """The domain knowledge as one object; see the modules for the rules."""

    def __init__(self, known: Bodies) -> None:
        self._bodies = known

    @property
    def version(self) -> str:
        """Return 12 hexadecimal digits that change whenever one of the TOML files does."""
        return _version()

    def body(self, name: str) -> Body | None:
        """Return the entry of a canonical name, None for none."""
        return self._bodies.by_name.get(name)

    def names(self, *kinds: str) -> tuple[str, ...]:
        """Return the canonical names of the bodies of these kinds, in the order of the file."""
        return tuple(body.name for body in self._bodies.by_name.values() if body.kind in kinds)

    def resolve(self, text: str) -> str | None:
        """Return the canonical name of the body `text`; see `Bodies.resolve`."""
        return self._bodies.resolve(text)

    def rollup(self, name: str) -> tuple[str, ...]:
        """Return `name` and its bureaus and organs, not its agencies; see `Bodies.rollup`."""
        return self._bodies.rollup(name)

    def counted_as(self, name: str) -> tuple[str, ...]:
        """Return `name` and the bodies above it whose filter finds it: a bureau's ministry."""
        return _counted_as(name)

    def published_as(self, name: str) -> tuple[str, ...]:
        """Return a publisher and all that is above it: an agency's papers are its ministry's."""
        return (name, *self._bodies.parents(name))

    def publisher_of(self, texts: Sequence[str]) -> str | None:
        """Return who issued the document with these cover lines; see `Bodies.publisher_of`."""
        return self._bodies.publisher_of(texts)

    def publisher_from(
        self, texts: Sequence[str], *, within: bool = True
    ) -> tuple[str, str] | None:
        """Return who issued it and the line that says so; see `issuers.publisher_from`."""
        from shisaku.ingest.registry import issuers

        return issuers.publisher_from(self._bodies, texts, within=within)

    def issuer_of_number(self, text: str) -> str | None:
        """Return who made the announcement of a line 厚生労働省告示第…号; see `issuers`."""
        from shisaku.ingest.registry import issuers

        return issuers.issuer_of_number(self._bodies, text)

    def office_holder(self, text: str) -> str | None:
        """Return the ministry of the minister who signs a line; see `issuers.office_holder`."""
        from shisaku.ingest.registry import issuers

        return issuers.office_holder(self._bodies, text)

    def office(self, text: str) -> str | None:
        """Return the ministry of an office to ask; see `issuers.office`."""
        from shisaku.ingest.registry import issuers

        return issuers.office(self._bodies, text)

    def leading_body(self, text: str, follow: Sequence[str] = ()) -> str | None:
        """Return the body with which a folded text begins; see `issuers.leading_body`."""
        from shisaku.ingest.registry import issuers

        return issuers.leading_body(self._bodies, text, follow)

    def publisher_of_host(self, host: str) -> str | None:
        """Return the body whose site a host is; see `issuers.publisher_of_host`."""
        from shisaku.ingest.registry import issuers

        return issuers.publisher_of_host(host)

    def find_publication(self, text: str) -> str | None:
        """Return the white paper that a line names; see `publications.find_publication`."""
        from shisaku.ingest.registry import publications

        return publications.find_publication(text)

    def publisher_of_paper(self, title: str) -> str | None:
        """Return who issues a white paper; see `publications.publisher_of_paper`."""
        from shisaku.ingest.registry import publications

        return publications.publisher_of_paper(title)

    def parse_list(self, text: str, *, lenient: bool = False) -> "MinistryList | None":
        """Return the list of ministries in a cell or bracket; see `lists.parse_list`."""
        from shisaku.ingest.registry import lists

        return lists.parse_list(self._bodies, text, lenient=lenient)

    def find_trailing_list(self, text: str) -> "tuple[MinistryList, int] | None":
        """Return the list that ends a paragraph and its start; see `lists.find_trailing_list`."""
        from shisaku.ingest.registry import lists

        return lists.find_trailing_list(self._bodies, text)

    def find_leading_list(self, text: str) -> "tuple[MinistryList, int] | None":
        """Return the list that opens a paragraph and its end; see `lists.find_leading_list`."""
        from shisaku.ingest.registry import lists

        return lists.find_leading_list(self._bodies, text)

    def find_lists(self, text: str) -> "Iterator[tuple[MinistryList, int, int]]":
        """Yield every list that ends a sentence, with its span; see `lists.find_lists`."""
        from shisaku.ingest.registry import lists

        return lists.find_lists(self._bodies, text)

    def actors(self, text: str) -> tuple[str, ...]:
        """Return the bodies that the words of a passage say act; see `actors.find_actors`."""
        from shisaku.ingest.registry import actors

        return actors.find_actors(self._bodies, text)

    def plan_of_title(self, title: str, issued: str | None = None) -> "PlanRef | None":
        """Return the plan that a title is the title of; see `plans.plan_of_title`."""
        from shisaku.ingest.registry import plans

        return plans.plan_of_title(title, issued)

    def followed_plan(self, title: str) -> "PlanRef | None":
        """Return the plan that a follow-up's title says it follows; see `plans.followed_plan`."""
        from shisaku.ingest.registry import plans

        return plans.followed_plan(title)

    def plan_of_text(self, text: str) -> "PlanRef | None":
        """Return the one plan that a first paragraph says it reports on; see `plans`."""
        from shisaku.ingest.registry import plans

        return plans.plan_of_text(text)

    def resolve_plan(self, text: str) -> str | None:
        """Return the known plan or series that `text` spells; see `plans.resolve_plan`."""
        from shisaku.ingest.registry import plans

        return plans.resolve_plan(text)

    def plan_key(self, text: str) -> str:
        """Return the key of a plan, equal for its spellings; see `plans.plan_key`."""
        from shisaku.ingest.registry import plans

        return plans.plan_key(text)

    def kind_found(
        self,
        title: str,
        first_texts: Sequence[str] = (),
        *,
        has_table_of_measures: bool = False,
        has_form: bool = False,
        is_web_page: bool = False,
    ) -> "KindFound":
        """Return the kind of a document, with the words that decide; see `kinds.kind_found`."""
        from shisaku.ingest.registry import kinds

        return kinds.kind_found(
            title,
            first_texts,
            has_table_of_measures=has_table_of_measures,
            has_form=has_form,
            is_web_page=is_web_page,
        )


@cache
def _version() -> str:
    from hashlib import sha256  # needed by ingest, not by a search

    names = ("hosts.toml", "kinds.toml", "ministries.toml", "plans.toml", "publications.toml")
    raw = [Path(__file__).with_name(name).read_bytes() for name in names]
    return sha256(b"\0".join(raw)).hexdigest()[:12]


@cache
def _counted_as(name: str) -> tuple[str, ...]:
    found = [name]
    while (body := registry().body(found[-1])) and body.parent:
        if name not in registry().rollup(body.parent):
            break
        found.append(body.parent)
    return tuple(found)


@cache
def registry() -> Registry:
    """Return the registry; its files are read once per process."""
    return Registry(bodies())
