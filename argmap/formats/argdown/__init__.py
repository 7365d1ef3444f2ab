"""Argdown: its text, and the JSON export of its own tool."""
