"""A row of the table, and the limits that it is held against."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """A row: the measured value against its floor (or ceiling), and what it is made of.

    `parts` names what was measured one by one; `failures` only what is under the floor, or wrong.
    """

    name: str
    value: str
    must: str
    good: bool
    parts: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """Floors and ceilings by name, as bench/floors.toml has them."""

    floors: dict[str, float]
    ceilings: dict[str, float]
