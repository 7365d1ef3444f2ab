"""Layouts written as SVG."""
