"""The command line: a thin skin over ingest/ and index/."""

import click


@click.group()
@click.version_option(package_name="shisaku")
def main() -> None:
    """Search and cite what Japanese ministries published (施策)."""
