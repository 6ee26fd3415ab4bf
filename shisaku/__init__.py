"""Plans, follow-ups and meeting records of Japanese ministries (施策): parsed, searched, cited.

The folders of the checkout are installed and imported under this name (`shisaku.ingest`,
`shisaku.index`, `shisaku.commands`, `shisaku.cli`), so that nothing depends on top-level names such
as `index`. In the checkout they are symbolic links to the folders beside this one.
"""
