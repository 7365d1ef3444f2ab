"""What a browser calls itself, in the words that its owner knows it by."""

_BROWSERS = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"), ("CrOS", "a Chromebook"),
    ("Windows", "Windows"), ("Mac OS", "a Mac"), ("Linux", "Linux"),
)  # fmt: skip


def named(agent: str | None) -> str | None:
    """Return such as "Firefox on Linux"; None for what is not known."""
    given = (agent or "")[:500]
    browser = next((name for mark, name in _BROWSERS if mark in given), None)
    system = next((name for mark, name in _SYSTEMS if mark in given), None)
    if browser is None:
        return None
    return browser if system is None else f"{browser} on {system}"
