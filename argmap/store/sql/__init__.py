"""The engine room: connections, statements, tables and their migrations."""
