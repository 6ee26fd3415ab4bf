"""One way through the house and no way back: who may import whom (docs/architecture.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from shisaku.cli import main

ROOT = Path(__file__).parents[1]
PROJECT = ("cli", "commands", "data", "index", "ingest", "tests")
READERS = {"pdfplumber", "pdfminer", "lxml", "pypdfium2"}
SEARCHERS = {"whoosh", "fugashi", "unidic_lite"}


def modules(folder: str) -> Iterator[tuple[str, Path]]:
    """Yield the dotted name and file of every module below a folder."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imported(path: Path) -> set[str]:
    """Give every module that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: a relative import hides where it leads"
            assert node.module
            # `from ingest import store` names a module behind the import.
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def own(path: Path) -> set[str]:
    """Give the project's own modules among the imported."""
    return {name for name in imported(path) if name.split(".")[0] in PROJECT}


TYPES = (
    "shisaku.ingest.model",
    "shisaku.ingest.parsed.passage_paths",
    "shisaku.ingest.terms",
    "shisaku.ingest.errors",
)


def within(name: str, *rooms: str) -> bool:
    """Tell whether a module is one of the rooms or lies in one."""
    return any(name == room or name.startswith(room + ".") for room in rooms)


def libraries(path: Path) -> set[str]:
    """Give the top-level names of everything imported."""
    return {name.split(".")[0] for name in imported(path)}


@pytest.mark.parametrize("room", ["ingest", "index", "commands"])
def test_there_is_something_to_look_at(room: str) -> None:
    assert len(list(modules(room))) > 5


def test_the_model_imports_names_alone_of_the_project() -> None:
    assert all(within(used, "shisaku.ingest.terms") for used in own(ROOT / "ingest" / "model.py"))
    for name in ("errors", "terms"):
        assert own(ROOT / "ingest" / f"{name}.py") == set()


def test_index_takes_the_model_the_helpers_and_nothing_else_of_ingest() -> None:
    for name, path in modules("index"):
        for used in own(path):
            helpers = ("shisaku.ingest.text", "shisaku.ingest.disk", "shisaku.ingest.children")
            allowed = within(used, "index", *TYPES, *helpers)
            assert allowed, f"{name} imports {used}"
        assert not libraries(path) & READERS, f"{name} opens documents"


def test_ingest_never_imports_the_index_or_the_command_line() -> None:
    for name, path in modules("ingest"):
        for used in own(path):
            assert within(used, "ingest"), f"{name} imports {used}"
        assert not libraries(path) & SEARCHERS, f"{name} searches"


# The rooms of ingest from left to right; each may use what stands before it in the second column.
ROOMS = {
    "shisaku.ingest.text": ("shisaku.ingest.text",),
    # Both sides of the seam write to the data directory, so both have one lock and one message.
    "shisaku.ingest.disk": ("shisaku.ingest.disk", *TYPES),
    "shisaku.ingest.registry": ("shisaku.ingest.registry", "shisaku.ingest.text", *TYPES),
    "shisaku.ingest.pdf": (
        "shisaku.ingest.pdf",
        "shisaku.ingest.text",
        *TYPES,
        "shisaku.ingest.problems",
        "shisaku.ingest.garbage",
    ),
    # What a fetched file says: the worker opens documents, the rest asks it.
    "shisaku.ingest.words": (
        "shisaku.ingest.words",
        "shisaku.ingest.children",
        "shisaku.ingest.html",
        "shisaku.ingest.text",
        *TYPES,
        "shisaku.ingest.problems",
        "shisaku.ingest.sniff",
    ),
    "shisaku.ingest.html": (
        "shisaku.ingest.html",
        "shisaku.ingest.text",
        *TYPES,
        "shisaku.ingest.problems",
        "shisaku.ingest.sniff",
    ),
    # It fills raw/ and hands nothing on; its lock is that of the batch.
    "shisaku.ingest.fetch": (
        "shisaku.ingest.fetch",
        "shisaku.ingest.html.links",
        "shisaku.ingest.html.feeds",
        "shisaku.ingest.disk",
        *TYPES,
        "shisaku.ingest.parsed.sidecar",
        "shisaku.ingest.sniff",
        "shisaku.ingest.parsed.store",
        "shisaku.ingest.words",
        "shisaku.ingest.text.beside",
    ),
    "shisaku.ingest.structure": (
        "shisaku.ingest.structure",
        "shisaku.ingest.registry",
        "shisaku.ingest.text",
        *TYPES,
        "shisaku.ingest.parsed.ids",
    ),
}


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_each_room_of_ingest_keeps_to_its_neighbours(room: str) -> None:
    for name, path in modules(room.replace(".", "/")):
        for used in own(path):
            assert within(used, *ROOMS[room]), f"{name} imports {used}"


def test_nothing_behind_raw_knows_that_files_are_fetched() -> None:
    for folder in ("ingest", "index"):
        for name, path in modules(folder):
            if not within(name, "shisaku.ingest.fetch"):
                fetching = [used for used in own(path) if within(used, "shisaku.ingest.fetch")]
                assert not fetching, f"{name} imports {fetching}"


def test_only_the_readers_open_documents() -> None:
    for name, path in modules("ingest"):
        if libraries(path) & READERS:
            assert within(name, "shisaku.ingest.pdf", "shisaku.ingest.html"), (
                f"{name} opens documents"
            )


def test_the_command_line_knows_the_commands_by_name_only() -> None:
    rooms = ("commands.Commands", "shisaku.commands.console.shell", "shisaku.index.garbage")
    assert all(within(used, *rooms) for used in own(ROOT / "cli.py"))


def test_a_command_uses_no_other_command() -> None:
    shared = (
        "shisaku.commands.command",
        "shisaku.commands.console.query_options",
        "shisaku.commands.console.run_options",
    )
    for name, path in modules("commands"):
        for used in own(path):
            allowed = within(used, *shared, "index", "ingest")
            assert allowed, f"{name} imports {used}"


def test_each_command_has_the_module_of_its_name() -> None:
    files = {name for name, _ in modules("commands")}
    named = {f"commands.{name}" for name in main.commands}
    assert files - named == {
        "commands",
        "shisaku.commands.console.query_options",
        "shisaku.commands.console.run_options",
    }
