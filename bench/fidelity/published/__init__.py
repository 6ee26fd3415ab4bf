"""Gold of published pages, made cases and plans, and other parsers on the same pages.

`gold_rows.py` gives the rows of the table. `comparison.py` gives a table without floors of
opendataloader-pdf and html-to-markdown: both are installed on demand in an environment of their own
(`environment.py`); their outputs become passages in the form of our export (`outputs.py`), which
the same check.py holds against the gold.
"""
