"""Which rows of postings are packed, as their differences, and which are written as they are."""

from array import array

import pytest

from shisaku.index.engine.whoosh.codec.row_format import pack


@pytest.mark.parametrize(("count", "packed"), [(0, False), (1, False), (47, False), (48, True)])
def test_a_row_of_48_numbers_is_packed(count: int, packed: bool) -> None:
    row = array("Q", range(0, 7 * count, 7))
    found = pack(row)
    assert (len(found) < len(row.tobytes()) / 2) is packed
    assert packed or found[1:] == row.tobytes()
