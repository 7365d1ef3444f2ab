"""arguebuf JSON."""
