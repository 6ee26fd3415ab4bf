"""Commands as they are typed, without a process of their own."""

import json
from typing import Any

from click.testing import CliRunner, Result

from shisaku.cli import main


def run(*arguments: object, env: dict[str, str] | None = None) -> Result:
    """Run a command in this process."""
    return CliRunner(env=env).invoke(main, [str(argument) for argument in arguments])


def answer(*arguments: object) -> Any:
    """Give what a command that ends well prints as JSON."""
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)
