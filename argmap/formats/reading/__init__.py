"""From what a file says to a valid map: the draft and its repair."""
