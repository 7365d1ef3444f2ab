"""Where words may be divided at the end of a line, by the hyphenation patterns of their language."""

from functools import cache, lru_cache

from pyphen import Pyphen, language_fallback

SHORTEST = 7  # letters of a word that is divided
_LEAST = 3  # letters before and after the hyphen
_CHOSEN = {
    "en": "en_US",
    "de": "de_DE",
    "pt": "pt_PT",
}  # of a language with several sets of patterns
_AROUND = ".,;:!?()[]“”„\"'’‘«»…"


@lru_cache(maxsize=50_000)
def divisions(word: str, language: str) -> tuple[int, ...]:
    """Return after how many letters a word may be divided, with a hyphen, the last place first.

    Words with anything but letters in them stay whole, and so does every word of an unknown language.
    """
    core = word.strip(_AROUND)
    if len(core) < SHORTEST or not core.isalpha() or (patterns := _patterns(language)) is None:
        return ()
    start = word.index(core)
    return tuple([start + place for place in patterns.positions(core)][::-1])


@cache
def _patterns(language: str) -> Pyphen | None:
    name = _CHOSEN.get(language) or language_fallback(language.replace("-", "_"))
    if name is None:
        short = language.partition("-")[0]
        name = _CHOSEN.get(short) or language_fallback(short)
    return Pyphen(lang=name, left=_LEAST, right=_LEAST) if name else None
