"""The start tags of a web page with their attributes, in one pass without a tree.

For what needs no structure, links and tags with too many attributes. A tree costs far more than it
gives there (libxml2 takes a time that grows with the square of the attributes of one tag, stops at
2,048 levels, and keeps every element in memory). The rules are those of the HTML Standard, 13.2.5
"Tokenization": comments, the elements whose content is text, quoted and unquoted attribute values,
character references.

Every regular expression here is possessive or begins at a fixed place, and a construct without an
end (a comment, a quoted value, a tag) ends the page, as the standard has it. So the time grows with
the length of the page, whatever stands in it.
"""

import html
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html.entities import html5

_NAME_START = re.compile(r"<([a-zA-Z][^\s/>]*+)")
# A quote opens a value only after "="; in a name it is a character like any other.
_ATTRIBUTE = r"[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])[^\s>]*+))?+"
_REST_OF_TAG = re.compile(rf"(?:[\s/]++|{_ATTRIBUTE})*+(?=>)")
_ONE_ATTRIBUTE = re.compile(
    r"[\s/]*+([^\s/>][^\s/>=]*+)"
    r"(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|(?![\"'])([^\s>]*+)))?+"
)
_MARKUP = re.compile(r"<(?=[a-zA-Z/!?])")
_COMMENT_END = re.compile(r"--!?>")
# Elements whose content is text up to their end tag (13.2.5.1 to 13.2.5.5). `noscript` is not among
# them: what it holds is for programs that run no scripts, as this one.
_TEXT_ONLY = ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes")
_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.I) for name in _TEXT_ONLY}
_REFERENCE = re.compile(r"&(?:#(?:[0-9]++|[xX][0-9a-fA-F]++);?|[a-zA-Z][a-zA-Z0-9]*+;?)")
_DIGITS = 8
"""Characters of a numeric reference; longer ones are beyond Unicode, and `int` refuses some."""


@dataclass(frozen=True)
class Tag:
    """A start tag: name in lower case, attributes by name in lower case, the first of each."""

    name: str
    attributes: dict[str, str]


def start_tags(text: str, wanted: Collection[str], *, xhtml: bool = False) -> Iterator[Tag]:
    """Yield the start tags of `text` whose names are among `wanted`, in order.

    In `xhtml` a self-closed `<script/>` has no content; elsewhere the slash means nothing.
    """
    for name, begin, end in _tags(text, xhtml=xhtml):
        if end < len(text) and name in wanted:
            yield Tag(name, _attributes(text, begin, end))


def with_few_attributes(text: str, most: int) -> str:
    """Give `text` without the attributes of a start tag beyond the first `most`."""
    parts: list[str] = []
    place = 0
    for _, begin, end in _tags(text):
        # Each takes two characters at least.
        if end - begin < 2 * most:
            continue
        cut = begin
        for _ in range(most):
            one = _ONE_ATTRIBUTE.match(text, cut, end)
            if one is None:
                break
            cut = one.end()
        else:
            parts.append(text[place:cut])
            place = end
    return "".join([*parts, text[place:]]) if parts else text


def _tags(text: str, *, xhtml: bool = False) -> Iterator[tuple[str, int, int]]:
    """Yield each start tag: its name in lower case, where its attributes begin and where it ends.

    A tag without an end is the last and ends where the text does.
    """
    place = 0
    while found := _MARKUP.search(text, place):
        place = found.start()
        if text.startswith("<!--", place):
            end = _end_of_comment(text, place)
        elif text.startswith(("<!", "<?"), place):
            end = text.find(">", place) + 1
        else:
            closing = text.startswith("</", place)
            name = _NAME_START.match(text, place) if not closing else None
            begin = name.end() if name else place + 2
            rest = _REST_OF_TAG.match(text, begin)
            if rest is None:
                if name:
                    yield name[1].lower(), begin, len(text)
                return
            end = rest.end() + 1
            if name:
                word = name[1].lower()
                yield word, begin, rest.end()
                if word == "plaintext":
                    return
                if word in _ENDS and not (xhtml and text[end - 2] == "/"):
                    closed = _ENDS[word].search(text, end)
                    end = closed.start() if closed else 0
        if end <= 0:
            return
        place = end


def _end_of_comment(text: str, place: int) -> int:
    # "<!-->" and "<!--->" are whole comments (13.2.5.43).
    for short in ("<!-->", "<!--->"):
        if text.startswith(short, place):
            return place + len(short)
    end = _COMMENT_END.search(text, place + 4)
    return end.end() if end else 0


def _attributes(text: str, begin: int, end: int) -> dict[str, str]:
    found: dict[str, str] = {}
    while begin < end and (one := _ONE_ATTRIBUTE.match(text, begin, end)):
        name = one[1].lower()
        if name not in found:
            value = next((part for part in one.groups()[1:] if part is not None), "")
            found[name] = _unescaped(value)
        begin = one.end()
    return found


def _unescaped(value: str) -> str:
    return _REFERENCE.sub(_character, value) if "&" in value else value


def _character(reference: re.Match[str]) -> str:
    text = reference[0]
    if text[1] == "#":
        return html.unescape(text) if len(text) <= _DIGITS + 3 else "\ufffd"
    if text.endswith(";"):
        return html5.get(text[1:], text)
    # In an attribute "&copy=1" and "&copyx" are what they look like (13.2.5.73).
    after = reference.string[reference.end() : reference.end() + 1]
    return text if after == "=" else html5.get(text[1:], text)
