"""On real pages: every visible character is in a block or counted as left aside."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from shisaku.ingest.html import read_html
from shisaku.ingest.html.decode import decode
from shisaku.ingest.model import TableBlock, TextBlock
from shisaku.ingest.text.radicals import repair_radicals
from tests.support.corpus import ROOT

PAGES = sorted(path for path in ROOT.rglob("*.html") if path.is_file())

_UNSEEN = (
    "script", "style", "noscript", "head", "title", "select", "textarea", "button", "iframe",
    "*[contains(@class, 'invisible')]",
)  # fmt: skip
_SHOWN = f"//text()[not({' or '.join(f'ancestor::{name}' for name in _UNSEEN)})]"


def _letters(text: str) -> Counter[str]:
    return Counter(repair_radicals("".join(text.split())))


def _lines(block: TextBlock) -> Iterator[str]:
    for line in block.lines:
        yield line.text
        yield from (reading for _, _, reading in line.ruby)


@pytest.mark.skipif(not PAGES, reason="the corpus of real documents is not here ($SHISAKU_CORPUS)")
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_visible_character_is_accounted_for(path: Path) -> None:
    data = path.read_bytes()
    (page,) = read_html(data).pages
    seen: list[str] = [part.text for part in page.furniture]
    for block in page.blocks:
        if isinstance(block, TableBlock):
            seen.append(block.caption)
            seen.extend(line for cell in block.cells for b in cell.blocks for line in _lines(b))
        else:
            seen.extend(_lines(block))
    # lxml's own view of the page, found by another way: pages that were put one behind another
    # are parsed apart.
    shown: list[str] = []
    for part in decode(data).text.replace("</HTML>", "</html>").split("</html>"):
        if not part.strip():
            continue
        root = etree.fromstring(part.encode(), etree.HTMLParser(encoding="utf-8", huge_tree=True))
        assert root is not None
        texts = root.xpath(_SHOWN)
        assert isinstance(texts, list)
        shown += [str(text) for text in texts]
    missing = _letters("".join(shown)) - _letters("".join(seen))
    added = _letters("".join(seen)) - _letters("".join(shown))
    if b"<ol" in data.lower():
        # A browser shows numbers before the items, which are not in the page's text.
        added = Counter({char: n for char, n in added.items() if char not in "0123456789."})
    assert (dict(missing), dict(added)) == ({}, {})


@pytest.mark.skipif(not PAGES, reason="the corpus of real documents is not here ($SHISAKU_CORPUS)")
def test_the_meetings_page_has_one_block_per_meeting() -> None:
    (path,) = [path for path in PAGES if path.name == "jinshin-torihiki-kaisai.html"]
    raw = read_html(path.read_bytes())
    blocks = [block for block in raw.pages[0].blocks if isinstance(block, TextBlock)]
    meetings = [block for block in blocks if block.text.startswith("●第")]
    assert len(meetings) == 13
    assert all(len(block.lines) == 4 and block.lines[0].bold for block in meetings)
    assert raw.title == "人身取引対策に関する関係省庁連絡会議 開催状況"
    assert "サイトマップ" not in "".join(block.text for block in blocks)
