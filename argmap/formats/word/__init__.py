"""Word files: debate cards, briefs and outlines."""
