"""The ways in which a file can be unreadable, each with its reason and what the user can do.

A reader raises `UnreadableError`; the batch turns it into the `Problem` of that document and goes
on, so that one bad file never stops the others. English sentences with a short Japanese gloss: an
analyst reads them in `shisaku docs`.
"""

from shlex import quote

from shisaku.ingest.errors import ShisakuError
from shisaku.ingest.model import Problem


class UnreadableError(ShisakuError):
    """A file that cannot be read; `problem` is stored with its document."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason, problem.remedy)
        self.problem = problem


_KINDS = {
    "pdf": "a PDF",
    "html": "a web page",
    "other": "neither a PDF nor a web page",
}


def empty_file() -> Problem:
    """Return the problem of a file without bytes, or with nothing but white space."""
    return Problem(
        "empty",
        "The file is empty (ファイルが空です).",
        "Download the file again, or delete it from raw/.",
    )


def not_a_document(name: str, found: str) -> Problem:
    """Return the problem of a file whose bytes are not what its name says.

    `found` is the kind that the bytes show: "pdf", "html" or "other" (see `ingest.sniff`).
    """
    said = "a PDF" if name.lower().endswith(".pdf") else "a web page"
    what = _KINDS.get(found, found)
    if found == "html":
        remedy = (
            "Open it in a browser: it is probably an error page that was saved in its place; "
            "download the document again, or rename it to .html if the page itself is wanted."
        )
    elif found == "pdf":
        remedy = "Rename it so that it ends in .pdf."
    else:
        remedy = "Download the document again, or delete the file from raw/."
    return Problem(
        "not_a_document",
        f"By its name the file is {said}, by its content it is {what} "
        "(拡張子と中身が一致しません).",
        remedy,
    )


def truncated(detail: str = "") -> Problem:
    """Return the problem of a file that ends early or whose structure is damaged."""
    more = f": {detail}" if detail else ""
    return Problem(
        "truncated",
        f"The file ends too early or is damaged{more} (ファイルが途中で切れているか壊れています).",
        "Download the file again; if it stays so, tell the publisher.",
    )


def locked_by_password() -> Problem:
    """Return the problem of a PDF that does not open without the user password."""
    return Problem(
        "password",
        "The PDF is locked by a password (パスワードで保護されています).",
        "Save a copy without the password (for example `qpdf --decrypt --password=… in.pdf "
        "out.pdf`) and put it in its place.",
    )


def needs_ocr(pages: int | None = None) -> Problem:
    """Return the problem of a PDF that has pictures of text but no text layer."""
    count = f" on any of its {pages} pages" if pages and pages > 1 else ""
    return Problem(
        "needs_ocr",
        f"The PDF has no text layer{count}, it is probably a scan "
        "(文字情報がなく、OCR が必要です).",
        "Run OCR over it (for example `ocrmypdf -l jpn in.pdf out.pdf`) and put the result in its "
        "place.",
    )


def no_text() -> Problem:
    """Return the problem of a web page without visible text of its own."""
    return Problem(
        "no_text",
        "The page shows no text of its own (本文がありません).",
        "Check in a browser whether its text is made by a script or stands in another file, and "
        "save that instead.",
    )


def frameset(names: tuple[str, ...] = ()) -> Problem:
    """Return the problem of a page that only arranges other pages in frames."""
    files = f": {', '.join(names[:5])}" if names else ""
    return Problem(
        "frameset",
        f"The page holds only frames, its text stands in other files{files} "
        "(フレームの枠だけのページです).",
        "Put the framed pages themselves under raw/ and delete this one.",
    )


def wrong_charset(declared: str, used: str) -> Problem:
    """Return the warning that a page was read with another charset than it declares."""
    return Problem(
        "charset",
        f"The page declares the charset {declared} but is {used} "
        "(文字コードの宣言が実際と異なります).",
        "Nothing, if the text reads well; else save the page again as UTF-8.",
        failed=False,
    )


def lost_characters(used: str, lost: int) -> Problem:
    """Return the warning that `lost` characters of a page are none in its charset `used`.

    They are U+FFFD in the text, or were U+FFFD in the page.
    """
    return Problem(
        "lost_characters",
        f"{lost} characters of the page could not be read as {used} and stand as {chr(0xFFFD)} "
        "(読めない文字があります).",
        "Look for the page at its source, and save it again as UTF-8.",
        failed=False,
    )


def timeout(seconds: float) -> Problem:
    """Return the problem of a file that took longer than `seconds` to read."""
    return Problem(
        "timeout",
        f"Reading it took longer than {seconds:g} seconds (時間切れです).",
        "Try `shisaku ingest --force --timeout 600`; if it stays so, split the file or report it "
        "with the file.",
    )


def out_of_memory(megabytes: int) -> Problem:
    """Return the problem of a file whose reading needs more than `megabytes` MB."""
    return Problem(
        "memory",
        f"Reading it needs more than {megabytes} MB of memory (メモリ不足です).",
        "Try `shisaku ingest --force --memory 4096`, or split the file into smaller ones.",
    )


def crashed(detail: str = "") -> Problem:
    """Return the problem of a file at which the reading process died."""
    more = f" ({detail})" if detail else ""
    return Problem(
        "crash",
        f"The reading process died at this file{more} (読み取り中に異常終了しました).",
        "Try `shisaku ingest --force`; if it stays so, report it with the file.",
    )


def changed_meanwhile() -> Problem:
    """Return the problem of a file that was replaced while the batch ran."""
    return Problem(
        "changed",
        "The file changed while it was being read (読み取り中にファイルが変わりました).",
        "Run `shisaku ingest` again when nothing writes to raw/.",
    )


def unreadable_file(detail: str) -> Problem:
    """Return the problem of a file that the system does not let us read (permissions, disk)."""
    return Problem(
        "unreadable",
        f"The file cannot be opened: {detail} (ファイルを開けません).",
        "Check its permissions and the disk, then run `shisaku ingest` again.",
    )


def not_a_file(name: str, what: str) -> Problem:
    """Return the problem of a document in whose place under raw/ something else stands now."""
    return Problem(
        "not_a_file",
        f"{what} stands in the place of the file (ファイルの代わりに別のものがあります).",
        f"Move it away and put the file back; if the document is meant to go, rename what stands "
        f"there and type `rm -- {quote(f'parsed/{name}.json')}` in the data directory.",
    )


def path_too_long() -> Problem:
    """Return the problem of a file whose path, or that of its parsed file, the system refuses."""
    return Problem(
        "path",
        "Its path is longer than this system takes (パスが長すぎます).",
        "Move it to a folder with a shorter path, or shorten its name and those of its folders; "
        "then run `shisaku ingest` again.",
    )


def folder_left_out() -> Problem:
    """Return the warning that a folder was skipped by `--skip-folder`."""
    return Problem(
        "skipped",
        "The folder was left out; what was read from it before stays "
        "(このフォルダは除外されました).",
        "Nothing; to take it in again, leave out `--skip-folder`.",
        failed=False,
    )


def not_kept_readable(place: str, detail: str) -> Problem:
    """Return the problem of a document whose parsed file at `place` cannot be opened."""
    return Problem(
        "parsed_unreadable",
        f"Its parsed file cannot be opened: {detail}; it was left as it is "
        "(解析済みファイルを開けません).",
        f"Look at it with `ls -ld {quote(place)}` and make it readable; if it stays so, move it "
        "away, and the next run reads the document again.",
    )


def not_written(place: str, detail: str) -> Problem:
    """Return the problem of a document whose parsed file at `place` cannot be put in place."""
    return Problem(
        "not_written",
        f"Its parsed file could not be written: {detail} (解析結果を書き込めません).",
        f"Look at what stands there with `ls -ld {quote(place)}` and move it away, or put its "
        "permissions right; then run `shisaku ingest` again.",
    )


def linked_folder(place: str) -> Problem:
    """Return the problem of documents whose folder under parsed/ is a link."""
    return Problem(
        "parsed_link",
        f"{place} is a link; nothing is read or written through links under parsed/ "
        "(parsed/ の下のリンクはたどりません).",
        f"Type `rm {quote(place)}`, and the next run puts a folder there; to have parsed/ on "
        "another disk, make parsed/ itself a link.",
    )


def damaged_sidecar(name: str, detail: str = "") -> Problem:
    """Return the warning that the sidecar of the file `name` under raw/ cannot be used.

    `detail` is the error of the system where it cannot be opened. The name of the source is taken
    from the folder, which `shisaku fetch` names after it.
    """
    what = f"cannot be opened: {detail}" if detail else "is damaged"
    folder, slash, _ = name.partition("/")
    again = f"Try `shisaku fetch --source {quote(folder)}`, then `shisaku ingest`; if it stays so, "
    rest = f"put it back from a backup or delete it: `rm -- {quote(f'raw/{name}.source.json')}`."
    return Problem(
        "sidecar",
        f"The sidecar {what}; until it is whole, the document has no address, publisher or plan "
        "but those that it states itself (出典情報のファイルを読めません).",
        again + rest if slash else rest[0].upper() + rest[1:],
        failed=False,
    )


def name_not_utf8() -> Problem:
    """Return the problem of a file or directory whose name is bytes in another charset."""
    return Problem(
        "name",
        "The name is not UTF-8, so that no document can be called by it "
        "(ファイル名が UTF-8 ではありません).",
        "Rename it; names from an archive made on Windows are put right by "
        "`convmv -r -f cp932 -t utf-8 --notest raw`.",
    )


def internal(error: BaseException) -> Problem:
    """Return the problem of a file at which the program itself failed in an unforeseen way."""
    return Problem(
        "internal",
        f"An unforeseen {type(error).__name__} came up while reading it (内部エラーです).",
        "Report it together with the file; the other documents are not affected.",
    )
