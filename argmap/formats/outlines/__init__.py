"""Outlines: trees of claims as people write them in lists, and lines of the outlines that argmap writes."""
