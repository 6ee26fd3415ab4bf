"""What a fetched file says, apart from its bytes: a digest of its words, and the kind of page.

`reader.Reader` is the way in (`ingest/fetch` uses it). The files come from strangers, so they are
read by `worker` in a process of its own with limits of time and memory; `page` reads web pages,
`pdf` reduces PDFs to what does not change by itself.
"""
