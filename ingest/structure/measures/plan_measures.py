"""The ministries that a paragraph of a plan itself names as responsible."""

import re

from shisaku.ingest.registry import registry
from shisaku.ingest.registry.lists import MinistryList

_LABELLED = re.compile(r"[^：:。]{2,12}[：:]")


def own_ministries(text: str) -> MinistryList | None:
    """Give the ministries that a paragraph names as responsible.

    They stand at its end or at its head, or are all of it (担当：警察庁), else at the end of
    sentences within it.
    """
    words = text.strip()
    found = registry().find_trailing_list(words) or registry().find_leading_list(words)
    if found is not None:
        return found[0]
    if _LABELLED.match(words) and (whole := registry().parse_list(words)) is not None:
        return whole
    inner = [listed for listed, _, _ in registry().find_lists(words)]
    if not inner:
        return None
    return MinistryList(
        tuple(dict.fromkeys(name for listed in inner for name in listed.names)),
        any(listed.and_others for listed in inner),
    )
