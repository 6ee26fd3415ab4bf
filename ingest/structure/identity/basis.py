"""From which words a facet of a document was read, and whether that was said or inferred."""

from typing import NamedTuple

from shisaku.ingest.model import Basis, BasisPlace
from shisaku.ingest.structure.outline.bounds import shortened

_LONGEST = 120
"""Characters of the words that are kept; they only show a person where to look."""


class Found(NamedTuple):
    """A value of a facet, the words it was read from and where these stand."""

    value: str
    words: str
    where: BasisPlace
    guessed: bool = False

    @property
    def basis(self) -> Basis:
        """The part of it that is stored."""
        return Basis(shortened(" ".join(self.words.split()), _LONGEST), self.where, self.guessed)
