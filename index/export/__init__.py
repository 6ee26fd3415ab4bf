"""Records in the formats of other programs (JSON, CSV, BibTeX, CSL-JSON), and citations."""
