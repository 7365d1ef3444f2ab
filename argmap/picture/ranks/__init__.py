"""The layered layout: theses on one side, every reason in a rank further away."""
