"""Layouts of a few named maps, as values: ARGMAP_ACCEPT=1 accepts new ones; look at their pictures first."""

import json
import os
from pathlib import Path

import pytest

from argmap import picture
from argmap.model import ArgumentMap, Claim, Relation
from argmap.picture import Options

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "picture"


def claims(kinds: str) -> tuple[Claim, ...]:
    names = {"t": "thesis", "p": "premise", "e": "evidence", "r": "rebuttal"}
    return tuple(
        Claim(id=f"c{n}", kind=names[letter], text=f"Claim {n} has a few words to say.")
        for n, letter in enumerate(kinds, 1)
    )


def relation(id: str, kind: str, sources: str, target: str) -> Relation:
    return Relation(id=id, kind=kind, sources=tuple(sources.split()), target=target)


CASES = {
    "co-premises-beside-an-independent-reason": ArgumentMap(
        claims=claims("tpppr"),
        relations=(
            relation("r1", "supports", "c2 c3", "c1"),
            relation("r2", "supports", "c4", "c1"),
            relation("r3", "attacks", "c5", "c1"),
        ),
    ),
    "an-undercut-of-an-undercut": ArgumentMap(
        claims=claims("terr"),
        relations=(
            relation("r1", "supports", "c2", "c1"),
            relation("r2", "attacks", "c3", "r1"),
            relation("r3", "attacks", "c4", "r2"),
        ),
    ),
    "a-reason-for-two-claims-and-a-loose-one": ArgumentMap(
        claims=claims("tppep"),
        relations=(
            relation("r1", "supports", "c2", "c1"),
            relation("r2", "supports", "c3", "c2"),
            relation("r3", "supports", "c4", "c3"),
            relation("r4", "supports", "c4", "c1"),
        ),
    ),
}


@pytest.mark.parametrize("layout", ["layered", "page"])
@pytest.mark.parametrize("name", CASES)
def test_layout(name, layout):
    map = CASES[name]
    options = Options(layout=layout, page="600x400")
    found = picture.plan(picture.arrange(map, picture.cards_of(map), options))
    for claim in found["claims"]:
        del claim["lines"]
    text = json.dumps(found, indent=1) + "\n"
    file = GOLDEN / f"{name}.{layout}.json"
    if os.environ.get("ARGMAP_ACCEPT"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")
