"""GraphML, as argmap, yEd and Argunet write it."""
