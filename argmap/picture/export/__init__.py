"""Pictures as files of other kinds: PNG, PDF, and the layout as JSON."""
