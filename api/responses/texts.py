"""The texts of the pages, from the one catalogue that their scripts read too."""

import json
import re
from functools import cache

from api.settings import CHECKOUT

CATALOGUE = CHECKOUT / "web" / "texts.json"
_PLACE = re.compile(r"\{(\w+)\}")


@cache
def _texts() -> dict[str, str]:
    texts: dict[str, str] = json.loads(CATALOGUE.read_text("utf-8"))
    return texts


def text(key: str, **values: object) -> str:
    """Return a text with its places filled in; with `n`, in the form for one or for several.

    Raises KeyError for a key that the catalogue does not have.
    """
    texts = _texts()
    if "n" in values:
        form = f"{key}.one" if values["n"] == 1 else f"{key}.other"
        key = form if form in texts else key
    return _PLACE.sub(lambda match: str(values[match[1]]), texts[key])
