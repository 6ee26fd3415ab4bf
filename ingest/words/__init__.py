"""The words of a fetched file: a digest that is equal for equal content, and the kind of page.

`reader.Reader` is the entry point, used by `ingest/fetch`. Files from other servers are read by
`worker` in a separate process with limits of time and memory: `page` reads web pages, `pdf` hashes
PDFs without what changes by itself.
"""
