"""The problems of URLs and sources: code, reason (English, Japanese gloss), remedy.

`url_problem` and `source_problem` take a code and details and give a `Problem`. The texts are in
one table, so that each code has one reason and one remedy.
"""

from shisaku.ingest.model import Problem

_TABLE = {
    # code: (reason, Japanese gloss, remedy)
    "dns": (
        "The host has no address{}",
        "名前解決に失敗しました",
        "Check the network; if it stays so, look up the site's new address.",
    ),
    "connect": (
        "The host could not be reached{}",
        "接続できません",
        "Nothing, if it works again the next night; else open the address in a browser.",
    ),
    "tls": (
        "The host's certificate is not valid{}",
        "証明書が正しくありません",
        "Check the clock and the system's certificates (package ca-certificates), then ask the "
        "publisher.",
    ),
    "timeout": (
        "The server stopped answering{}",
        "応答がありません",
        "Nothing, if it works again the next night; else raise `delay` for this source.",
    ),
    "slow": (
        "The answer had not arrived whole after {} seconds",
        "受信が遅すぎます",
        "Try again at another hour; else download the file by hand and put it under raw/.",
    ),
    "broken": (
        "The answer is damaged or was cut off{}",
        "受信データが壊れています",
        "Nothing, if it works again the next night; else open the address in a browser, and put "
        "the file under raw/ by hand if it opens there.",
    ),
    "too_large": (
        "The file is larger than {} MB",
        "サイズの上限を超えています",
        "Raise `max_mb` of this source if the file is wanted, else exclude its address.",
    ),
    "busy": (
        "The server is overloaded, out of order, or asks for fewer requests{}",
        "サーバーが混雑しています",
        "Raise `delay` for this source, or fetch at another hour.",
    ),
    "status": (
        "The server answered {}",
        "サーバーがエラーを返しました",
        "Open the address in a browser; if it works there, the server refuses programs, and the "
        "publisher must be asked.",
    ),
    "not_found": (
        "The server says that it has no such page{}",
        "リンク先がありません",
        "Open the page that links to it; correct `pages` or exclude this address.",
    ),
    "redirects": (
        "The address redirects more than {} times, or in a circle",
        "転送が終わりません",
        "Open the address in a browser; exclude it if it does the same there.",
    ),
    "address": (
        "The address is none that is fetched: {}",
        "取得できない URL です",
        "Open the page in a browser to see where it leads; only http and https are followed.",
    ),
    "host": (
        "It redirects to {}, which is not among the source's hosts",
        "許可されていないホストへの転送です",
        "Add that host to `hosts` if it belongs to the publisher, else exclude the address.",
    ),
    "moved": (
        "The page has moved for good to {}, which is not among the source's hosts",
        "サイトが移転しました",
        "If that host belongs to the publisher, write into the entry: {hosts}",
    ),
    "flood": (
        "The answer holds more than an answer may: headers, interim answers or chunks without end",
        "応答が異常に大きいです",
        "Nothing, if it works again the next night; else ask the publisher.",
    ),
    "private": (
        "The host's address is not a public one{}",
        "公開されていないアドレスです",
        "Nobody on the internet publishes there. Set `allow_private = true` for this source only "
        "if it is a server of your own.",
    ),
    "robots": (
        "robots.txt asks programs not to fetch it{}",
        "robots.txt により取得できません",
        "Exclude the address, or ask the publisher; a file saved by hand can be put under raw/.",
    ),
    "robots_unreadable": (
        "robots.txt could not be read, so nothing of this host may be fetched{}",
        "robots.txt を確認できません",
        "Nothing, if it works again the next night; else ask the publisher.",
    ),
    "host_down": (
        "Several requests to {} failed one after the other; the rest were not tried",
        "ホストが応答しないため中止しました",
        "Nothing, if it works again the next night; else open the site in a browser.",
    ),
    "not_a_document": (
        "The address promises {}",
        "期待した形式のファイルではありません",
        "Open the address in a browser: it is probably an error page; exclude it if it stays so. "
        "A file that is there already stays as it was.",
    ),
    "too_large_page": (
        "The page is larger than {} MB, too large to be read for links",
        "ページが大きすぎます",
        "Open it in a browser; if it is no list of documents, exclude it or narrow `follow`.",
    ),
    "unreadable": (
        "The page cannot be read for links{}",
        "ページを解析できません",
        "Open it in a browser; if it looks well, report it with its address.",
    ),
    "empty": (
        "The answer is empty{}",
        "内容が空です",
        "Nothing, if it works again the next night; else exclude the address.",
    ),
    "maintenance": (
        "The page is out of order for now ({!r})",
        "メンテナンス中のようです",
        "Nothing, if it is back the next night; else open it in a browser. If this is its content, "
        "fetch once with --allow-withdrawal.",
    ),
    "not_found_page": (
        "The page says that there is no such page or that it failed, with status 200 ({!r})",
        "ページが見つからない、またはエラーと表示されています",
        "Open it in a browser; correct `pages` or exclude the address. If this is its content, "
        "fetch once with --allow-withdrawal.",
    ),
    "login": (
        "The page is a form to log in ({!r})",
        "ログイン画面です",
        "Open it in a browser; exclude the address if it stays so. If this is its content, fetch "
        "once with --allow-withdrawal.",
    ),
    "moved_on": (
        "The page only leads on to {!r}",
        "別のページへ自動的に移動します",
        "Open it in a browser; correct `pages` if it moved. If this is its content, fetch once "
        "with --allow-withdrawal.",
    ),
    "shrunk": (
        "The page has lost nine tenths of its words ({})",
        "ページの内容が大幅に減っています",
        "Open it in a browser. If this is its content now, fetch once with --allow-withdrawal.",
    ),
    "no_page": (
        "A page to watch must be a web page, but it is {}",
        "一覧ページが HTML ではありません",
        "Correct `pages` of this source.",
    ),
}

_SOURCE_TABLE = {
    "too_few": (
        "{} documents were found, at least {} are expected",
        "想定より少ない件数です",
        "Open the watched pages: they may have moved or changed; then correct `pages`, `include` "
        "or `min`.",
    ),
    "too_many": (
        "{} documents were found, at most {} are expected",
        "想定より多い件数です",
        "Check that the patterns do not take in other things; then raise `max`.",
    ),
    "mass_withdrawal": (
        "{} of {} documents are gone or no longer linked; none was marked as withdrawn: {}",
        "多くの文書が見つかりません",
        "Open the watched pages. If the documents are really withdrawn, type: {command} "
        "--allow-withdrawal",
    ),
    "list_goes_on": (
        "A list goes on: page {} was not followed ({})",
        "一覧の続きを読んでいません",
        "Raise `list_pages` or `max_pages` of this source, or exclude the rest of the list.",
    ),
    "other_hosts": (
        "{} wanted links lead to other hosts ({}) and were left alone",
        "他ホストへのリンクは取得しません",
        "Add the host to `hosts` if it belongs to the publisher, else exclude the links.",
    ),
    "too_many_pages": (
        "There are more than {} pages to look at; the rest were left alone",
        "対象ページが多すぎます",
        "Narrow `follow`, lower `depth`, or raise `max_pages`.",
    ),
    "too_many_links": (
        "A page has more than {} links; the rest were left alone ({})",
        "リンクが多すぎます",
        "Open it in a browser; if it is no list of documents, exclude it or narrow `follow`.",
    ),
    "out_of_time": (
        "The time for the source is over ({}): {} addresses not asked, the first of them {}",
        "時間切れのため残りは次回に取得します",
        "Nothing, if a first night brought much: the next run goes on with them. Else narrow "
        "`include` or `follow`, or raise `max_minutes` (or --fetch-minutes for the run).",
    ),
    "out_of_bytes": (
        "The bytes for the source are used up ({}): {} addresses not asked, the first of them {}",
        "受信量の上限に達したため残りは次回に取得します",
        "Nothing, if a first night brought much: the next run goes on with them. Else narrow "
        "`include`, or raise `max_total_mb` (or --fetch-mb for the run).",
    ),
    "asked_to_wait": (
        "The server {} asks to be left alone for {} seconds: {} addresses not asked, the first of "
        "them {}",
        "サーバーの求めにより中断しました",
        "Nothing: the next run goes on with them. If it stays so, raise `delay` for this source.",
    ),
    "crawl_delay": (
        "robots.txt of {} asks for {} seconds between two requests: {} addresses not asked, the "
        "first of them {}",
        "robots.txt の Crawl-delay が長すぎます",
        "Set `delay` of this source to as many seconds (at most 600) to wait so long, ask the "
        "publisher, or put files saved by hand under raw/.",
    ),
    "too_many_addresses": (
        "There are more than {} addresses to ask or to remember; the rest were left alone",
        "対象アドレスが多すぎます",
        "Narrow `include`, `follow` or `depth`, or part the entry into several.",
    ),
    "dead_links": (
        "{} pages that were to be followed do not exist (the first: {})",
        "リンク切れのページがあります",
        "Nothing, as their publisher forgot them; exclude them to hear no more of it.",
    ),
    "untried": (
        "The entry has not yet been tried against the live site",
        "実サイトで未確認の設定です",
        "Look at what it brought; set min and max, and delete `tried = false`.",
    ),
    "sidecar": (
        "The sidecar {} is damaged and was left out of account",
        "出典情報のファイルが壊れています",
        "Nothing: it is written anew when its URL is fetched again.",
    ),
}


class FetchFailure(Exception):
    """A URL failed; `problem` says why, `again` whether another try may help.

    `wait` is the Retry-After of the server in seconds; `unreachable` is true where the host failed
    and not the URL; `status` is the HTTP status, where that was the reason.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        again: bool = False,
        wait: float | None = None,
        unreachable: bool = False,
        status: int = 0,
    ) -> None:
        super().__init__(problem.reason)
        self.status = status
        self.problem = problem
        self.again = again
        self.wait = wait
        self.unreachable = unreachable


def url_problem(code: str, detail: object = "") -> Problem:
    """Return the problem of a URL; `detail` is put into the "{}" of the reason."""
    reason, gloss, remedy = _TABLE[code]
    # A "{}" without a space before it is an addition; one after a space is part of the sentence.
    glued = reason.endswith("{}") and not reason.endswith(" {}")
    filled = f": {detail}" if detail and glued else detail
    return Problem(code, f"{reason.format(filled)} ({gloss}).", remedy)


def moved_problem(status: int, host: str, hosts: tuple[str, ...]) -> Problem:
    """Return the problem of a URL whose site has moved, with the line for sources.toml."""
    found = url_problem("moved", f"{host} (status {status})")
    line = "hosts = [" + ", ".join(f'"{name}"' for name in (*hosts, host)) + "]"
    return Problem(found.code, found.reason, found.remedy.replace("{hosts}", line))


def source_problem(
    code: str, *details: object, failed: bool = False, command: str = "shisaku fetch"
) -> Problem:
    """Return the problem of a source as a whole; `command` is what to type to fetch it again."""
    reason, gloss, remedy = _SOURCE_TABLE[code]
    remedy = remedy.replace("{command}", command)
    return Problem(code, f"{reason.format(*details)} ({gloss}).", remedy, failed=failed)
