"""Words of a query that ask what something is: 人身取引とは, 犯罪被害者等の定義, 定義.

`analysis.defined_terms` finds, when passages are indexed, what they define.
"""

ASKING = frozenset({"定義", "意味", "意義", "とは"})
"""Words that ask for the definition of the words beside them."""
_ENDS = (
    *("とは", "とは何か", "とは何ですか", "とはなにか", "とは何", "とはなに"),
    *("の定義", "の意味", "の意義", "の定義とは", "の意味とは", "の定義は", "の意味は"),
    *("という言葉の意味", "という語の意味", "という語の定義"),
)
"""Ends of a word that asks for the definition of what stands before them."""
_SIGNS = "?？。"


def asked_term(text: str) -> str | None:
    """Return the term whose definition a word of a query asks for, None where it asks for none."""
    asked = text.rstrip(_SIGNS)
    end = max((end for end in _ENDS if asked.endswith(end)), key=len, default="")
    return asked.removesuffix(end) or None if end else None
