"""How many documents may go at once without a question: one rule for ingest and for fetch."""

_FEW = 20
"""Up to so many may go, where they are no more than half: a publisher tidies up."""


def too_many(removed: int, of: int, allowed: int | None = None) -> bool:
    """Tell whether it is too much that `removed` of `of` documents go in one night.

    More than half are, and more than 10 % that are more than 20; `allowed` is the number that the
    user permitted (`--max-removed`), which replaces both.
    """
    if allowed is not None:
        return removed > allowed
    return removed * 2 > of or (removed > _FEW and removed * 10 > of)
