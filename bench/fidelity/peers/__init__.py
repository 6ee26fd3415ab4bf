"""Other parsers on the same gold in the same run: opendataloader-pdf and html-to-markdown.

`comparison.py` gives a table without floors. Both are installed on demand in an environment of
their own (`environment.py`); their outputs become passages in the form of our export
(`outputs.py`), which the same check.py holds against the gold.
"""
