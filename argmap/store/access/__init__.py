"""Who may see and do what, and what an owner decides about it."""
