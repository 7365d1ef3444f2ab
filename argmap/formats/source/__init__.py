"""The bytes of a file made into values: text, JSON, XML, refused when they are hostile."""
