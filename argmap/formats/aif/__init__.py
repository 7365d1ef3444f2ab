"""The Argument Interchange Format: AIFdb JSON, xAIF and OVA share one graph."""
