"""Argumentation frameworks: apx, bag and tgf."""
