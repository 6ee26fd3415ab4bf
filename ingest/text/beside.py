"""Reads the domain data that lie beside the code as TOML."""

from pathlib import Path
from typing import Any


def table(module: str, name: str) -> dict[str, Any]:
    """Give the TOML file `name` that lies in the folder of a module; `module` is its `__file__`.

    Not by `importlib.resources`, which takes longer to load than most questions to answer.
    """
    import tomllib  # what starts without domain data does without the parser

    return tomllib.loads(Path(module).with_name(name).read_text(encoding="utf-8"))
