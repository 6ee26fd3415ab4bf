"""Which package may import which (docs/architecture.md), and how deep imports and folders go."""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from shisaku.cli import main

ROOT = Path(__file__).parents[2]
READERS = {"pdfplumber", "pdfminer", "lxml", "pypdfium2"}
TERMINAL = {"click", "rich"}

# A package may import itself and what stands before it.
ORDER = (
    "ingest.terms",
    "ingest.errors",
    "ingest.model",
    "ingest.problems",
    "ingest.sniff",
    "ingest.disk",
    "ingest.children",
    "ingest.text",
    "ingest.registry",
    "ingest.html",
    "ingest.pdf",
    "ingest.parsed",
    "ingest.runs",
    "ingest.structure",
    "ingest.batch",
    "ingest.words",
    "ingest.fetch",
    "index.errors",
    "index.garbage",
    "index.records",
    "index.analysis",
    "index.query",
    "index.engine",
    "index.generations",
    "index.export.citations",
    "index.search",
    "index.export",
    "shisaku",
    "commands",
    "cli",
    "shisaku.__main__",
)
# Of ingest/ the index takes what both sides of the seam need: it never opens a raw file.
SHARED = (
    "ingest.terms",
    "ingest.errors",
    "ingest.model",
    "ingest.disk",
    "ingest.children",
    "ingest.text",
    "ingest.parsed.passage_paths",
    "ingest.parsed.former_ids",
)
# Modules of index/ that import one another in a row: 8 in reading, 11 in the codec that writes.
LONGEST_CHAIN = 8
MOST_FILES = 15  # Python files in one folder


def modules(folder: str = ".") -> Iterator[tuple[str, Path]]:
    """Yield the dotted name (below `shisaku`) and the file of every module of the program."""
    for part in ("ingest", "index", "commands", "cli.py", "shisaku"):
        place = ROOT / part
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            if path.parent.is_symlink() or path.is_symlink():
                continue
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


@cache
def files() -> dict[str, Path]:
    """Give the file of each module."""
    return dict(modules())


@cache
def imported(path: Path) -> frozenset[str]:
    """Give every module that a file imports, anywhere in it, with the names it takes from it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: a relative import hides where it leads"
            assert node.module
            # `from shisaku.ingest import problems` names a module behind the import.
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found)


@cache
def used(name: str) -> frozenset[str]:
    """Give the modules of the project that a module imports."""
    found = set()
    for target in imported(files()[name]):
        if target.startswith("shisaku."):
            found.add(_module_of(target))
    return frozenset(found - {name})


def _module_of(target: str) -> str:
    """Give the module of the project that a dotted name is, or is defined in."""
    while target != "shisaku":
        # `shisaku.ingest` is the folder ingest/, `shisaku.opening` a module of shisaku/ itself.
        for name in (target.removeprefix("shisaku."), target):
            if name in files():
                return name
        target = target.rpartition(".")[0]
    return target


def within(name: str, *packages: str) -> bool:
    """Tell whether a module is one of these or lies in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def package_of(name: str) -> str:
    """Give the entry of ORDER under which a module falls."""
    return max((entry for entry in ORDER if within(name, entry)), key=len)


def libraries(path: Path) -> set[str]:
    """Give the top-level names of everything imported."""
    return {name.split(".")[0] for name in imported(path)}


def test_every_module_stands_in_the_order() -> None:
    names = [name for name in files() if name not in ("ingest", "index")]
    assert len(names) > 150
    assert {package_of(name) for name in names} == set(ORDER)


@pytest.mark.parametrize("package", ORDER)
def test_a_package_imports_only_what_stands_before_it(package: str) -> None:
    allowed = ORDER[: ORDER.index(package) + 1]
    for name in files():
        if name not in ("ingest", "index") and package_of(name) == package:
            behind = {target for target in used(name) if not within(target, *allowed)}
            assert not behind, f"{name} imports {behind}"


def test_index_takes_the_model_the_helpers_and_nothing_else_of_ingest() -> None:
    for name, path in files().items():
        if within(name, "index"):
            taken = {target for target in used(name) if within(target, "ingest")}
            assert all(within(target, *SHARED) for target in taken), f"{name} imports {taken}"
            assert not libraries(path) & READERS, f"{name} opens documents"


def test_the_terminal_is_known_to_the_commands_alone() -> None:
    for name, path in files().items():
        if libraries(path) & TERMINAL:
            assert within(name, "commands", "cli"), name


def test_only_the_readers_open_documents() -> None:
    for name, path in files().items():
        if libraries(path) & READERS:
            assert within(name, "ingest.pdf", "ingest.html"), f"{name} opens documents"


def test_whoosh_is_loaded_by_its_engine_alone() -> None:
    for name, path in files().items():
        if "whoosh" in libraries(path):
            assert within(name, "index.engine.whoosh"), name


def test_nothing_imports_itself_over_others() -> None:
    for name in files():
        chain(name)


def chain(name: str, above: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Give the longest chain of imports from a module of index/ within index/."""
    assert name not in above, f"a circle: {above[above.index(name) :]}"
    return _chain(name, above)


_CHAINS: dict[str, tuple[str, ...]] = {}


def _chain(name: str, above: tuple[str, ...]) -> tuple[str, ...]:
    if name not in _CHAINS:
        inner = [
            chain(target, (*above, name))
            for target in sorted(used(name))
            if within(target, name.split(".")[0])
        ]
        _CHAINS[name] = (name, *max(inner, key=len, default=()))
    return _CHAINS[name]


def test_the_longest_chain_of_imports_in_index() -> None:
    longest = max((chain(name) for name in files() if within(name, "index")), key=len)
    assert len(longest) <= LONGEST_CHAIN, longest


def test_no_folder_holds_too_many_files() -> None:
    places = ("ingest", "index", "commands", "shisaku", "tests", "bench", "data")
    count = Counter(
        path.parent
        for place in places
        for path in (ROOT / place).rglob("*.py")
        if not any(part.is_symlink() for part in (path, *path.parents))
    )
    assert {str(folder): n for folder, n in count.items() if n > MOST_FILES} == {}


def test_the_command_line_knows_the_commands_by_name_only() -> None:
    assert used("cli") <= {"commands", "commands.console.shell", "index.garbage"}


def test_a_command_uses_no_other_command() -> None:
    for name in files():
        if within(name, "commands") and not within(name, "commands.console"):
            others = {
                target
                for target in used(name)
                if within(target, "commands") and not within(target, "commands.console")
            }
            assert others <= {"commands"}, f"{name} imports {others}"


def test_each_command_has_the_module_of_its_name() -> None:
    names = {name for name in files() if within(name, "commands")}
    named = {f"commands.{name}" for name in main.commands}
    rest = {name for name in names - named if not within(name, "commands.console")}
    assert rest == {"commands"}
