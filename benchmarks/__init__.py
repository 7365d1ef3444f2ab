"""Measurements of argmap against the bare thing that it cannot beat; `./dev bench` runs them."""
