"""The Whoosh schema: which fields a passage has, and how Whoosh handles their terms.

The schema is pickled into the table of contents (`_MAIN_N.toc`), so every class below must stay
importable under its name for as long as generations of this layout are opened. No field carries a
pickled analyzer: analyzers are properties of the classes and load MeCab when they are called.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from whoosh import analysis, columns, fields, formats

from shisaku.index.engine.whoosh.codec.whoosh_columns import year_term


class _Field(fields.FieldType):  # type: ignore[misc]
    """A field without an analyzer in its instance; see `whoosh.fields.FieldType`."""

    def __init__(self, format: Any, **attributes: Any) -> None:
        self.format = format
        self.__dict__.update(attributes)


class Key(_Field):
    """Whole values that are looked up as they are: ids, names, kinds."""

    analyzer: ClassVar[Any] = analysis.IDAnalyzer()

    def __init__(self, **attributes: Any) -> None:
        super().__init__(formats.Existence(), **attributes)

    def from_column_value(self, value: bytes) -> str | None:
        """Return the text of a column's value; None where a passage has none."""
        return self.from_bytes(value) if value else None


class Year(fields.NUMERIC):  # type: ignore[misc]
    """A calendar year; its term is the year in four digits, so that ranges work on terms as well.

    Takes years as int or str, in `Term` and `NumericRange`; groups are int, None for no year.
    """

    analyzer: ClassVar[Any] = analysis.IDAnalyzer()

    def __init__(self) -> None:
        super().__init__(int, 16, signed=False, shift_step=0)
        del self.analyzer  # the instance's, which would be pickled
        self.column_type = columns.VarBytesColumn()

    def sortable_to_bytes(self, x: int, shift: int = 0) -> bytes:
        """Return the term of a year."""
        return year_term(x)

    def from_bytes(self, bs: bytes) -> int:
        """Return the year of a term."""
        return int(bs)

    def to_column_value(self, x: Any) -> bytes:
        """Return what the column holds of a year: its term."""
        value: bytes = self.to_bytes(x)
        return value

    def from_column_value(self, x: bytes) -> int | None:
        """Return the year of a column's value; None where a passage has none."""
        return int(x) if x else None


class _Positioned(_Field):
    """Terms with positions; a query of several of them is a phrase."""

    multitoken_query = "phrase"
    scorable = True

    def __init__(self) -> None:
        super().__init__(formats.Positions())


class Words(_Positioned):
    """Words: surface, lemma and values of numerals at one position.

    Text that Whoosh's query parser reads is cut by the analysis that the index uses; a query looks
    for surfaces, as a phrase where there is more than one.
    """

    @property
    def analyzer(self) -> Any:
        """The analyzer, as Whoosh calls one."""
        return _word_tokens


class Pairs(_Positioned):
    """Pairs of neighbouring characters of the folded text; the last has an end mark in the pair.

    A query of one character finds nothing here: ask for a prefix.
    """

    @property
    def analyzer(self) -> Any:
        """The analyzer, as Whoosh calls one."""
        return _pair_tokens


def _word_tokens(value: str, mode: str = "", **options: Any) -> Iterator[Any]:
    """Yield the tokens of a text as Whoosh's analyzers do; mode "query" gives surfaces alone."""
    from shisaku.index.analysis.analyzer import readable, words

    for word in words(readable(value)):
        for term in word.terms[: 1 if mode == "query" else None]:
            yield _token(term, word.position, word.start, word.end, mode)


def _pair_tokens(value: str, mode: str = "", **options: Any) -> Iterator[Any]:
    """Yield the pairs of a text; in mode "query" without the one that has the end mark."""
    from shisaku.index.analysis.analyzer import FIELD_BREAK, grams, readable

    for position, pair in enumerate(grams(readable(value))):
        if mode != "query" or not pair.endswith(FIELD_BREAK):
            yield _token(pair, position, position, position + 1, mode)


def _token(text: str, position: int, start: int, end: int, mode: str) -> Any:
    token = analysis.Token(positions=True, chars=True, mode=mode, text=text, pos=position)
    token.startchar, token.endchar = start, end
    token.original, token.stopped, token.boost = text, False, 1.0
    return token


def passage_schema() -> Any:
    """Return the schema.

    Terms of all indexed fields are kept in the rows (`postings`). `ministry` has each responsible
    and acting body as printed: that a ministry includes its bureaus Whoosh does not know.
    `record`, `aliases` and `bounds` are columns of bytes (`COLUMNS`).
    """
    return fields.Schema(
        id=Key(stored=True, unique=True),
        document=Key(stored=True),
        measure=Key(stored=True),
        defines=Key(),
        begins=Key(),
        kind=Key(column_type=columns.VarBytesColumn()),
        plan=Key(column_type=columns.VarBytesColumn()),
        year=Year(),
        ministry=Key(),
        text_words=Words(),
        text_grams=Pairs(),
        head_words=Words(),
        head_grams=Pairs(),
        title_words=Words(),
        label_words=Words(),
        label_grams=Pairs(),
        defined_words=Words(),
        about_words=Words(),
        about_grams=Pairs(),
        record=fields.COLUMN(columns.CompressedBytesColumn()),
        aliases=fields.COLUMN(columns.VarBytesColumn()),
        bounds=fields.COLUMN(columns.VarBytesColumn()),
    )
