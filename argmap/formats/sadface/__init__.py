"""SADFace JSON."""
