"""The codec: how Whoosh and this program write and read the segments of a generation."""
