"""From a map to what a file can say, with a report of what it cannot."""
