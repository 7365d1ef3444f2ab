"""Maps: their newest state, their versions and their history."""
