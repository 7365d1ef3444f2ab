"""Tables of claims, and flow sheets of a debate, for spreadsheets."""
