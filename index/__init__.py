"""From parsed documents to hits; nothing in here opens a PDF or a web page."""
