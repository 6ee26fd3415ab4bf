"""A flipped bit of a sealed file, or of a block, shows before what it says is believed."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.index.engine.whoosh.codec.block_checksums import (
    BLOCK,
    Blocks,
    Numbers,
    Stretch,
    checksums,
)
from shisaku.index.errors import BrokenIndexError
from shisaku.ingest.disk.sealed import BrokenSealError, is_sealed, seal, unseal

RAW = '{"version":"layout 9","documents":{"計画.pdf":3}}'.encode()


def test_a_sealed_file_is_json_with_one_more_member() -> None:
    sealed = seal(RAW)
    assert is_sealed(sealed)
    assert not is_sealed(RAW)
    assert unseal(sealed) == sealed
    found = json.loads(sealed)
    assert found.pop("seal")
    assert found == json.loads(RAW)


def test_every_flipped_bit_shows() -> None:
    sealed = seal(RAW)
    for at in range(len(sealed)):
        for bit in range(8):
            flipped = bytearray(sealed)
            flipped[at] ^= 1 << bit
            with pytest.raises(BrokenSealError):
                unseal(bytes(flipped))


@given(st.binary(max_size=60))
def test_other_bytes_are_never_a_sealed_file(raw: bytes) -> None:
    with pytest.raises(BrokenSealError):
        unseal(raw)


SIZES = (1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK)


@pytest.mark.parametrize("size", SIZES)
def test_a_block_is_compared_before_it_is_read_and_no_other(size: int) -> None:
    raw = bytes(range(256)) * (size // 256 + 1)
    raw = raw[:size]
    sums = checksums(raw)
    whole = Stretch(memoryview(raw), Blocks(memoryview(raw), sums, Path("a/b/c/x.seg")))
    assert bytes(whole.all()) == raw
    for at in {0, size // 2, size - 1}:
        flipped = bytearray(raw)
        flipped[at] ^= 1
        view = memoryview(bytes(flipped))
        stretch = Stretch(view, Blocks(view, sums, Path("a/b/c/x.seg")))
        harmed = at // BLOCK
        for block in range((size + BLOCK - 1) // BLOCK):
            first, last = block * BLOCK, min((block + 1) * BLOCK, size)
            for start, end in ((first, first + 1), (last - 1, last), (first, last)):
                if block == harmed:
                    with pytest.raises(BrokenIndexError, match="damaged"):
                        stretch.part(start, end).all()
                else:
                    assert bytes(stretch.read(start, end)) == raw[start:end]
        assert not stretch.read(size, size)


def test_numbers_are_compared_one_by_one() -> None:
    raw = b"".join(n.to_bytes(4, "little") for n in range(BLOCK // 2))
    flipped = bytearray(raw)
    flipped[-1] ^= 8
    view = memoryview(bytes(flipped))
    numbers = Numbers(Stretch(view, Blocks(view, checksums(raw), Path("a/b/c/x.seg"))), "I")
    assert numbers[0] == 0
    assert numbers[BLOCK // 4 - 1] == BLOCK // 4 - 1
    with pytest.raises(BrokenIndexError):
        numbers[BLOCK // 4]
    with pytest.raises(BrokenIndexError):
        numbers.all()


def test_a_file_of_another_length_than_its_checksums_is_damaged() -> None:
    view = memoryview(bytes(BLOCK + 1))
    with pytest.raises(BrokenIndexError, match="2 blocks and 1 checksums"):
        Blocks(view, checksums(bytes(BLOCK)), Path("a/b/c/x.seg"))
