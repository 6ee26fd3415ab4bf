"""Prints what `shisaku show` found: a passage, measure or document in its context."""

from typing import Any

from shisaku.commands.console.display import Display, withdrawn_line
from shisaku.index.records.fields import measure_heading
from shisaku.ingest.text.terminal import one_line


def print_found(found: dict[str, Any]) -> None:
    """Print what `Index.show` returned, with its citation below."""
    display = Display()
    if moved := found.get("moved"):
        display.line((f"This id is of an older reading; its words are in {moved[0]}", "yellow"))
        for other in moved[1:]:
            display.line((f"and in {other}", "yellow"))
    if "passage" in found:
        _print_place(display, found["passage"])
        for other in found["before"]:
            display.passage(other, style="dim")
        display.passage(found["passage"], style="bold", asked=True)
        for other in found["after"]:
            display.passage(other, style="dim")
    elif "measure" in found:
        _print_place(display, found["passages"][0])
        others = any(record["and_others"] for record in found["passages"])
        names = "、".join(found["measure"]["ministries"]) + (" 等" if others else "")
        if names:
            display.line((one_line(names), "magenta"))
        if quoted := found["passages"][0]["measure"].get("quoted"):
            display.line((f"quoted: {one_line(quoted)}", "dim"))
        for record in found["passages"]:
            display.passage(record)
    else:
        _print_document(display, found["document"])
    display.line()
    display.line((found["citation"], "italic"))
    if mark := found.get("withdrawn"):
        display.line((withdrawn_line(mark["since"], mark["why"]), "yellow"))


def _print_document(display: Display, document: dict[str, Any]) -> None:
    for name, value in document.items():
        if name not in ("problems", "sources", "url", "listed", "withdrawn"):
            note = " (by the list of sources)" if name in document["listed"] else ""
            text = str("" if value is None else value) + note
            display.line((f"{name}: ", "bold"), one_line(text))
    for source in document["sources"]:
        url = f"  {source['url']}" if source["url"] else ""
        mark = source.get("withdrawn")
        gone = f"  {withdrawn_line(mark['since'], mark['why'])}" if mark else ""
        display.line(("file: ", "bold"), one_line(source["path"] + url + gone))
    for problem in document["problems"]:
        text = one_line(f"{problem['reason']} {problem['remedy']}")
        display.line(("problem: ", "bold red"), text)


def _print_place(display: Display, record: dict[str, Any]) -> None:
    for depth, heading in enumerate(record["path"]):
        display.line((f"{'  ' * depth}{one_line(heading)}", "green"))
    if heading := measure_heading(record):
        display.line((one_line(heading), "bold green"))
