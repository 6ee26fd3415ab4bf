"""Bodies as printed → the names under which their passages are counted and found.

The index holds bodies as printed: sets of those that a passage names, by number, and the publisher
of its document. Which ministry a bureau belongs to is the registry's knowledge, applied here to the
few different ones when somebody asks: so a change of the registry needs no new index, and a passage
of two bureaus of one ministry counts once for it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Protocol

from shisaku.index.records.fields import Bodies
from shisaku.index.records.filters import Role

CountedAs = Callable[[str], tuple[str, ...]]
"""Name of a body as printed → the names under which its passages count, itself and what it belongs
to."""

ROLES: tuple[Role, ...] = ("responsible", "acting", "publisher")
"""What a body can be to a passage; of several the first is told."""
Roles = tuple[Role, ...]


def itself(name: str) -> tuple[str, ...]:
    """Roll nothing up."""
    return (name,)


class Held(Protocol):
    """Where bodies are read from: an `Engine`."""

    def body_sets(self) -> Sequence[Bodies]:
        """Return all sets by number."""

    def body_set(self, number: int) -> Bodies:
        """Return one set."""

    def terms(self, field: str, prefix: str = "") -> Iterator[str]:
        """Yield the values of a field."""


class RollUp:
    """Rolls up the bodies of one open engine; keeps one tuple of names for each set and use.

    `counted_as` is for bodies that a passage names, `published_as` for publishers.
    """

    def __init__(
        self, held: Held, counted_as: CountedAs = itself, published_as: CountedAs = itself
    ) -> None:
        self._held = held
        # One name is in very many sets.
        self._counted_as = cache(counted_as)
        self._published_as = cache(published_as)
        self._names: dict[tuple[int, Roles], tuple[str, ...]] = {}

    def printed(self, number: int) -> tuple[str, ...]:
        """Return the names under which the passages of a set count, as printed."""
        bodies = self._held.body_set(number)
        return bodies.named or ((bodies.publisher,) if bodies.publisher else ())

    def names(self, number: int, roles: Roles = ()) -> tuple[str, ...]:
        """Return the names under which the passages of a set count, rolled up, each once.

        Without `roles` those that it names, or its publisher where it names nobody and belongs to
        no measure; the role of a publisher is told by `published` for all passages alike.
        """
        key = (number, roles)
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = self._of(self._held.body_set(number), roles)
        return found

    def _of(self, bodies: Bodies, roles: Roles) -> tuple[str, ...]:
        if not roles:
            return self._roll(bodies.named) or self.published(bodies.publisher)
        responsible = bodies.ministries if "responsible" in roles else ()
        return self._roll((*responsible, *(bodies.actors if "acting" in roles else ())))

    def published(self, publisher: str | None) -> tuple[str, ...]:
        """Return a publisher with what it belongs to; () for none."""
        return self._published_as(publisher) if publisher else ()

    def role(
        self, number: int, publisher: str | None, asked: Collection[str], roles: Roles = ()
    ) -> Role | None:
        """Return what one of the ministries `asked` for is to the passages of a set, else None.

        `publisher` is that of their document.
        """
        bodies = self._held.body_set(number)
        held = {
            "responsible": self._roll(bodies.ministries),
            "acting": self._roll(bodies.actors),
            "publisher": self.published(publisher if roles else bodies.publisher),
        }
        told = (role for role in ROLES if role in (roles or ROLES))
        return next((role for role in told if not set(asked).isdisjoint(held[role])), None)

    def _roll(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(chain.from_iterable(map(self._counted_as, names))))

    def admitting(self, names: Collection[str], roles: Roles = ()) -> frozenset[int]:
        """Return the numbers of the sets that count for one of these ministries."""
        if roles == ("publisher",):
            return frozenset()
        wanted = set(names)
        count = len(self._held.body_sets())
        return frozenset(n for n in range(count) if not wanted.isdisjoint(self.names(n, roles)))

    def publishers(self, names: Collection[str]) -> frozenset[str]:
        """Return the publishers, as printed, that count for one of these names."""
        wanted = set(names)
        every = self._held.terms("publisher")
        return frozenset(name for name in every if not wanted.isdisjoint(self.published(name)))
