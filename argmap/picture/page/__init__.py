"""The layout for a page: a map as a tree of columns that fill a sheet."""
