"""Notes: a page, a small JSON API and a place for files."""
