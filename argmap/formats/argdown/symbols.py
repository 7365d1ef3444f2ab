"""The symbols that shortcodes of Argdown stand for."""

import re

# Argdown's own shortcodes: ".A." and ":A:" alike.
_SYMBOLS = {
    "A": "∀", "E": "∃", "O": "𝗢", "P": "𝗣", "->": "→", "<->": "↔", "~": "¬", "^": "∧", "v": "∨", "v_": "⊻",
    "<>": "◇", "[]": "◻", "happy": "😀", "smile": "☺", "smiley": "☺", "laugh": "😆", "lol": "😆", "rofl": "🤣",
    "joy": "😂", "heart": "❤", "?": "❓", "question": "❓", "love": "😍", "wink": "😉", "shush": "🤫", "meh": "😐",
    "eye-roll": "🙄", "sad": "😢", "disappointed": "😞", "scream": "😱", "+1": "👍", "up": "👍", "-1": "👎",
    "down": "👎", "think": "🤔", "star": "⭐", "y": "✔", "agree": "✔", "n": "❌", "disagree": "❌",
}  # fmt: skip
_SHORTCODE = re.compile(rf"([.:])({'|'.join(re.escape(name) for name in _SYMBOLS)})\1")
BEGINS_SHORTCODE = rf"[.:](?=(?:{'|'.join(re.escape(name) for name in _SYMBOLS)})[.:])"


def shortcode(text: str, place: int) -> tuple[str, int] | None:
    """Return the symbol that a shortcode at that place stands for, and where the code ends."""
    match = _SHORTCODE.match(text, place)
    return (_SYMBOLS[match[2]], match.end()) if match else None
