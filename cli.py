"""The command line: the contract that programs call, over ingest/ and index/.

Data goes to standard output, everything else to standard error. Exit codes: 0 ok (no hits is ok),
1 failure, 2 usage, 3 done but some documents failed or are still failed, 5 locked, 130 and 143
ended by SIGINT and SIGTERM. Each command has a module of its name in commands/, which is loaded
when it is called: a search loads no PDF library.
"""

from shisaku.index.garbage import importing

with importing():
    import click

    from shisaku.commands import Commands
    from shisaku.commands.console.shell import Shell, data_option

COMMANDS = Commands(
    # taking in
    "fetch",  # the watched pages → raw/
    "ingest",  # raw/ → parsed/
    "index",  # parsed/ → index/
    "update",  # ingest and index, and on demand fetch: the line for cron
    # giving back
    "search",
    "facets",
    "export",
    "aliases",
    "show",
    "docs",
    # looking after it
    "runs",
    "status",
    "versions",  # what earlier versions of fetched files take, and what of it may go
)


@click.group(
    cls=Shell,
    commands=COMMANDS,
    epilog="\b\nExample:\n  shisaku update\n  shisaku search 人身取引 --ministry 警察庁 --facets",
)
@click.version_option(package_name="shisaku")
@data_option(root=True)
def main() -> None:
    """Search and cite what Japanese ministries published (施策)."""
