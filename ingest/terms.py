"""The closed vocabularies: what a document, a passage and a state can be called."""

from typing import Literal

Kind = Literal[
    "plan", "follow_up", "evaluation_sheet", "meeting_record", "brochure", "report", "law",
    "notice", "other",
]  # fmt: skip
PassageType = Literal[
    "paragraph", "list_item", "status_item", "meeting", "row", "field", "heading", "footnote",
    "caption",
]  # fmt: skip
Status = Literal["done", "pending"]
