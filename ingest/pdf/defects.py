"""What can be wrong with a PDF's text besides not opening: each a `Problem` for its document."""

from collections.abc import Sequence

from shisaku.ingest.model import Problem


def _pages(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:10])
    more = f" and {len(numbers) - 10} more" if len(numbers) > 10 else ""
    return f"Page {shown}" if len(numbers) == 1 else f"Pages {shown}{more}"


def pages_without_text(numbers: Sequence[int]) -> Problem:
    """Give the warning that some pages are pictures without a text layer."""
    return Problem(
        "pages_without_text",
        f"{_pages(numbers)}: a picture without a text layer (文字情報のないページがあります).",
        "Run OCR over it (for example `ocrmypdf --skip-text -l jpn in.pdf out.pdf`) if the page "
        "matters.",
        failed=False,
    )


def broken_pages(numbers: Sequence[int]) -> Problem:
    """Give the warning that some pages are damaged and were left out."""
    return Problem(
        "broken_pages",
        f"{_pages(numbers)}: damaged, cannot be read (壊れていて読めないページがあります).",
        "Download the file again; if it stays so, tell the publisher.",
        failed=False,
    )


def form_description() -> Problem:
    """Return the warning that a form description (XFA) stands for the pages."""
    return Problem(
        "xfa_form",
        "It is an XFA form: what a viewer fills in and shows may not be in its pages "
        "(XFA フォームのため、画面に出る内容が読めないことがあります).",
        "Open it in a viewer that runs XFA forms, print it to a new PDF and put that in its place.",
        failed=False,
    )


def portfolio(names: Sequence[str]) -> Problem:
    """Return the warning that a file is a portfolio whose attached files are not read."""
    shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
    return Problem(
        "portfolio",
        f"It is a portfolio; the files attached to it are not read: {shown} "
        "(添付ファイルは読まれていません).",
        "Save the attached files and put them beside it.",
        failed=False,
    )


def unmapped_pages(numbers: Sequence[int], count: int, *, left_out: bool) -> Problem:
    """Return the warning that glyphs stand for no character, on which pages.

    `left_out` where most glyphs of these pages are so, and nothing of the pages is kept.
    """
    what = "its text is left out" if len(numbers) == 1 else "their text is left out"
    return Problem(
        "unmapped_pages",
        f"{_pages(numbers)}: {count} glyphs stand for no character"
        + (f", {what}" if left_out else ", shown as \N{REPLACEMENT CHARACTER}")
        + " (文字コードへの対応がない文字があります).",
        "Run OCR over it (for example `ocrmypdf --force-ocr -l jpn in.pdf out.pdf`) if it matters.",
        failed=False,
    )


def unmapped_text(count: int) -> Problem:
    """Give the problem of a file most of whose glyphs stand for no character."""
    return Problem(
        "unmapped_text",
        f"{count} glyphs of its fonts stand for no character, so its text cannot be read "
        "(文字コードへの対応がないフォントです).",
        "Run OCR over it (for example `ocrmypdf --force-ocr -l jpn in.pdf out.pdf`).",
    )


def too_many_rules(number: int) -> Problem:
    """Give the warning that a page is so dense a drawing that no tables were looked for."""
    return Problem(
        "too_many_rules",
        f"Page {number}: too many lines to look for tables; its text was read without them "
        "(罫線が多すぎて表として読めません).",
        "Nothing, if it is a drawing; else print the page anew without its background.",
        failed=False,
    )
