"""Heavy work: pictures, analyses and imports, each bounded."""
