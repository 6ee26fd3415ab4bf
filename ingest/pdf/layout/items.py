"""What stands on a page beside its lines and tables, before it is read in order."""

from dataclasses import dataclass

from shisaku.ingest.model import Box, Line, TableBlock


@dataclass(frozen=True)
class Frame:
    """A ruled frame around text that is no table: its lines, in a box of their own."""

    lines: tuple[Line, ...]
    box: Box


@dataclass(frozen=True)
class Figure:
    """What is written on a chart: its labels in reading order, and the box of all of it."""

    lines: tuple[Line, ...]
    box: Box


Item = Line | TableBlock | Frame | Figure
