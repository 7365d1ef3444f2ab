"""arggraph XML."""
