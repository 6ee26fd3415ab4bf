"""The closed vocabularies: kinds of document, types of passage, states of a measure.

Apart from `ingest.model`, so that a search can use them without making the model's types.
"""

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
