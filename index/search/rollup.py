"""Sets of bodies, by number → the names under which their passages are counted and found.

The index holds bodies as printed. Which ministry a bureau belongs to is the registry's knowledge,
applied here to the few different sets when somebody asks: so a change of the registry needs no new
index, and a passage of two bureaus of one ministry counts once for it.
"""

from collections.abc import Callable, Collection, Sequence
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


class Sets(Protocol):
    """Where sets are read from: an `Engine`."""

    def body_sets(self) -> Sequence[Bodies]:
        """Return all sets by number."""

    def body_set(self, number: int) -> Bodies:
        """Return one set."""


class RollUp:
    """Rolls up the sets of one open engine; keeps one tuple of names for each set and use.

    `counted_as` is for bodies that a passage names, `published_as` for publishers.
    """

    def __init__(
        self, sets: Sets, counted_as: CountedAs = itself, published_as: CountedAs = itself
    ) -> None:
        self._sets = sets
        # One name is in very many sets, and the same names in sets of several publishers.
        self._counted_as = cache(counted_as)
        self._published_as = cache(published_as)
        self._rolled: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._names: dict[tuple[int, Roles], tuple[str, ...]] = {}

    def printed(self, number: int) -> tuple[str, ...]:
        """Return the names under which the passages of a set count, as printed."""
        bodies = self._sets.body_set(number)
        if bodies.alone and bodies.publisher:
            return (bodies.publisher,)
        return bodies.named

    def names(self, number: int, roles: Roles = ()) -> tuple[str, ...]:
        """Return the names under which the passages of a set count, rolled up, each once.

        Without `roles` those that it names, or its publisher where it names nobody and belongs to
        no measure.
        """
        key = (number, roles)
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = self._of(self._sets.body_set(number), roles)
        return found

    def _of(self, bodies: Bodies, roles: Roles) -> tuple[str, ...]:
        if not roles:
            return self._published(bodies) if bodies.alone else self._roll(bodies.named)
        held = {
            "responsible": lambda: self._roll(bodies.ministries),
            "acting": lambda: self._roll(bodies.actors),
            "publisher": lambda: self._published(bodies),
        }
        return tuple(dict.fromkeys(chain.from_iterable(held[role]() for role in roles)))

    def publishers(self, number: int) -> tuple[str, ...]:
        """Return the publisher of a set with what it belongs to; () for none."""
        return self.names(number, ("publisher",))

    def role(self, number: int, asked: Collection[str], roles: Roles = ()) -> Role | None:
        """Return what one of the ministries `asked` for is to the passages of a set, else None."""
        bodies = self._sets.body_set(number)
        for role in roles or ROLES:
            if role == "publisher" and not roles and not bodies.alone:
                continue
            if not set(asked).isdisjoint(self._of(bodies, (role,))):
                return role
        return None

    def _published(self, bodies: Bodies) -> tuple[str, ...]:
        return self._published_as(bodies.publisher) if bodies.publisher else ()

    def _roll(self, names: tuple[str, ...]) -> tuple[str, ...]:
        found = self._rolled.get(names)
        if found is None:
            rolled = chain.from_iterable(map(self._counted_as, names))
            found = self._rolled[names] = tuple(dict.fromkeys(rolled))
        return found

    def admitting(self, names: Collection[str], roles: Roles = ()) -> frozenset[int]:
        """Return the numbers of the sets that count for one of these ministries."""
        wanted = set(names)
        count = len(self._sets.body_sets())
        return frozenset(n for n in range(count) if not wanted.isdisjoint(self.names(n, roles)))
