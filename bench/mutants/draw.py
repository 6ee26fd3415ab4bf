"""Which changes are tried: a seed and the packages go in, a list of mutants comes out.

A place is drawn by the hash of the seed and of what it says, not of where it stands: with the same
seed, an edit elsewhere leaves the rest of the draw as it was.
"""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.mutants.operators import Site, changed, sites


@dataclass(frozen=True)
class Mutant:
    """One change of one file."""

    path: str
    """Relative to the root, with slashes."""
    site: Site
    variant: str
    rank: str
    """A hash, in hexadecimal digits: those with the least are drawn."""

    @property
    def key(self) -> str:
        """Name the change without the number of its line."""
        site = self.site
        return "\n".join((self.path, site.scope, site.code, site.before, self.variant, self.rank))

    def __str__(self) -> str:
        """Return file, line, before → after."""
        before, after = (" ".join(text.split()) for text in (self.site.before, self.variant))
        return f"{self.path}:{self.site.line}  {before} → {after}  in: {self.site.code}"


@dataclass(frozen=True)
class Equivalent:
    """A change that no test can notice, with the reason."""

    path: str
    scope: str
    """The qualified name of the function; "" outside of all."""
    code: str
    """The stripped line where it stands."""
    before: str
    after: str
    why: str

    def holds(self, mutant: Mutant) -> bool:
        """Tell whether a mutant is this change."""
        site = mutant.site
        return (self.path, self.scope, self.code, self.before, self.after) == (
            mutant.path, site.scope, site.code, site.before, mutant.variant
        )  # fmt: skip


def equivalents(path: Path) -> list[Equivalent]:
    """Read the list of changes that no test can notice (equivalent.toml)."""
    tables = tomllib.loads(path.read_text(encoding="utf-8")).get("equivalent", [])
    return [Equivalent(**table) for table in tables]


def files(root: Path, packages: Iterable[str]) -> list[Path]:
    """Return the Python files of packages (folders or files, relative to the root) in order."""
    found: set[Path] = set()
    for package in packages:
        place = root / package
        if not place.exists():
            raise FileNotFoundError(f"no such package: {package}")
        found.update([place] if place.is_file() else place.rglob("*.py"))
    return sorted(found)


def mutants(root: Path, packages: Iterable[str], seed: int) -> Iterator[Mutant]:
    """Yield one mutant for each place of the packages, in the order of the source."""
    for path in files(root, packages):
        name = path.relative_to(root).as_posix()
        seen: Counter[tuple[str, ...]] = Counter()
        for site in sites(path.read_text(encoding="utf-8")):
            what = (name, site.scope, site.operator, site.code, site.before)
            seen[what] += 1
            rank = hashlib.sha256("\n".join((str(seed), *what, str(seen[what]))).encode())
            variant = site.variants[rank.digest()[-1] % len(site.variants)]
            yield Mutant(name, site, variant, rank.hexdigest()[:16])


def draw(root: Path, packages: Iterable[str], seed: int, number: int) -> list[Mutant]:
    """Return `number` mutants, fewer where the packages have fewer, by file and line."""
    drawn = sorted(mutants(root, packages, seed), key=lambda mutant: mutant.rank)[:number]
    return sorted(drawn, key=lambda mutant: (mutant.path, mutant.site.line, mutant.site.start))


def apply(root: Path, mutant: Mutant) -> str:
    """Write the change into a copy of the tree; return the source as it was."""
    path = root / mutant.path
    source = path.read_text(encoding="utf-8")
    path.write_text(changed(source, mutant.site, mutant.variant), encoding="utf-8")
    return source
