from ingest.ids import measure_id, passage_id


def test_spellings_that_fold_alike_share_the_id() -> None:
    ids = {passage_id("a.pdf", text, {}) for text in ("人身取引", "⼈⾝取引", "人身 取引")}
    assert len(ids) == 1


def test_repeats_are_numbered_in_document_order() -> None:
    seen: dict[str, int] = {}
    ids = [passage_id("a.pdf", text, seen) for text in ("再掲", "別の", "再掲", "再掲")]
    assert ids[2] == ids[0] + "-2"
    assert ids[3] == ids[0] + "-3"
    assert ids[1] not in (ids[0], ids[2])


def test_form_of_the_ids() -> None:
    assert passage_id("省/計画.pdf", "警察庁", {}) == "省/計画.pdf#p-" + _digest("警察庁")
    assert measure_id("a.pdf", "①", "推進", {}) == "a.pdf#m-" + _digest("1推進")


def test_documents_do_not_share_ids() -> None:
    seen: dict[str, int] = {}
    assert passage_id("a.pdf", "x", seen) != passage_id("b.pdf", "x", seen)
    assert passage_id("b.pdf", "y", seen).startswith("b.pdf#p-")


def _digest(key: str) -> str:
    import hashlib

    return hashlib.sha256(key.encode()).hexdigest()[:12]
