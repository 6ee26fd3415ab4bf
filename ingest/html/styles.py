"""How an element sets the text in it: size, weight, heading, list, link, caption, footnote.

Takes an element and the style around it and gives the style within. Style sheets are not read, only
what the element itself says: its name, its attributes, its `style`.
"""

import re
from typing import Any

from msgspec.structs import replace

from shisaku.ingest.html.dom import Element
from shisaku.ingest.html.inline import BASE_SIZE, Style

_BLOCK_NAMES = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu"
    " nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
BLOCKS = frozenset(_BLOCK_NAMES.split())
"""Elements that begin and end a block."""

LISTS = frozenset(("ul", "ol", "menu", "dir"))

UNRANKED = -1
"""Level of a heading that states none (`role="heading"` without `aria-level`)."""

# Sizes in points that browsers give (HTML Standard, 15.3.4 and 15.3.7).
HEADING_SIZES = {"h1": 24.0, "h2": 18.0, "h3": 14.0, "h4": 12.0, "h5": 10.0, "h6": 8.0}
_FONT_SIZES = (7.5, 10.0, 12.0, 13.5, 18.0, 24.0, 36.0)
_BOLD = frozenset(("b", "strong", "th", *HEADING_SIZES))
_PREFORMATTED = frozenset(("pre", "xmp", "listing", "plaintext"))
_CSS_SIZE = re.compile(r"font-size\s*:\s*([\d.]+)(px|pt|em|rem|%)", re.I)
_CSS_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_CSS_CENTER = re.compile(r"text-align\s*:\s*center", re.I)
_CSS_RAISED = re.compile(r"vertical-align\s*:\s*super", re.I)
_CSS_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]{0,60}line-through", re.I)
_FOOTNOTE = re.compile(r"(?:^|[-_ ])(?:footnotes?|fn|endnote)(?:$|[-_ \d])", re.I)
_NOTE_MARK = re.compile(r"(?:^|[-_ ])(?:footnote|note)[-_]?(?:mark|ref)", re.I)


def styled(element: Element, tag: str, style: Style) -> Style:
    """Return the style of the text in `element` inside text of `style`."""
    css = element.get("style", "")
    change = _by_element(element, tag, style)
    change |= _by_names(element, tag, css)
    if tag in _BOLD or (css and _CSS_BOLD.search(css)):
        change["bold"] = True
    if css and (size := _CSS_SIZE.search(css)):
        change["size"] = _css_size(size, style.size)
    centered = _centered(element, tag, css)
    if centered is not None:
        change["centered"] = centered
    return replace(style, **change) if change else style


def is_struck(element: Element, tag: str) -> bool:
    """Tell whether the text in `element` is struck out: its author took it back."""
    if tag in ("del", "s", "strike"):
        return True
    css = element.get("style")
    return css is not None and bool(_CSS_STRUCK.search(css))


def _by_element(element: Element, tag: str, style: Style) -> dict[str, Any]:
    """Return what the name of an element says."""
    if tag in HEADING_SIZES:
        return {"heading": int(tag[1]), "size": HEADING_SIZES[tag]}
    if element.get("role", "").strip().lower() == "heading":
        level = element.get("aria-level", "").strip()
        return {"heading": int(level) if level.isdigit() and int(level) > 0 else UNRANKED}
    if tag == "a" and (href := element.get("href")) is not None:
        return {"link": "page" if href[:1] == "#" and len(href) > 1 else "out"}
    if tag in LISTS or tag == "dd":
        return {"depth": style.depth + 1}
    if tag in _PREFORMATTED:
        return {"pre": True}
    if tag in ("figcaption", "caption"):
        return {"role": "caption"}
    if tag == "font":
        return {"size": _font_size(element.get("size", ""), style.size)}
    if tag in ("big", "small"):
        return {"size": round(style.size * (1.2 if tag == "big" else 5 / 6), 2)}
    return {}


def _by_names(element: Element, tag: str, css: str) -> dict[str, Any]:
    """Return what class and role say of footnotes and their marks, and what raises text."""
    named = f"{element.get('class', '')} {element.get('role', '')}".strip()
    if tag == "sup" or (css and _CSS_RAISED.search(css)) or (named and _NOTE_MARK.search(named)):
        return {"raised": True}
    if named and tag in BLOCKS and _FOOTNOTE.search(named):
        return {"role": "footnote"}
    return {}


def _centered(element: Element, tag: str, css: str) -> bool | None:
    """Tell whether an element centres its text; None where it says nothing."""
    align = element.get("align", "").lower()
    if tag == "center" or align == "center" or (css and _CSS_CENTER.search(css)):
        return True
    return False if align in ("left", "right") else None


def _font_size(value: str, inherited: float) -> float:
    match = re.fullmatch(r"\s*([+-]?)([0-9]{1,2})\s*", value)
    if match is None:
        return inherited
    step = int(match[2])
    if match[1]:
        step = 3 + (step if match[1] == "+" else -step)
    return _FONT_SIZES[min(max(step, 1), 7) - 1]


def _css_size(match: re.Match[str], inherited: float) -> float:
    try:
        number = float(match[1])
    except ValueError:  # "1.2.3"
        return inherited
    scale = {"px": 0.75, "pt": 1.0, "em": inherited, "rem": BASE_SIZE, "%": inherited / 100}
    return round(number * scale[match[2].lower()], 2)
