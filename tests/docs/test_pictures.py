"""The pictures of the documentation show the maps that they are drawn from."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import argmap
from argmap.formats import dump
from argmap.model import parse_map

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
MAPS = sorted([*(ROOT / "examples").glob("*.json"), *IMAGES.glob("*.json")])


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_a_map_of_the_documentation_is_written_as_the_library_writes_it(path: Path) -> None:
    assert dump(argmap.load(path), "json").data == path.read_bytes()


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_a_picture_of_the_documentation_shows_its_map(path: Path) -> None:
    # Redraw with:
    #   ./dev argmap render examples/*.json --layout page -o docs/images/
    #   ./dev argmap render docs/images/*.json -o docs/images/
    map = argmap.load(path)
    picture = ElementTree.parse(IMAGES / f"{path.stem}.svg")
    words = _words(" ".join(picture.getroot().itertext()))
    for item in map.claims:
        assert picture.find(f".//*[@data-claim='{item.id}']") is not None, item.id
        assert _words(item.text) <= words, item.id
    for relation in map.relations:
        assert picture.find(f".//*[@data-relation='{relation.id}']") is not None, relation.id


def test_every_picture_of_the_documentation_comes_from_a_map() -> None:
    assert {path.stem for path in IMAGES.glob("*.svg")} == {path.stem for path in MAPS}


def test_the_picture_of_the_tutorial_shows_the_map_that_it_posts(root: Path) -> None:
    page = (root / "docs" / "tutorial.md").read_text(encoding="utf-8")
    posted = re.search(r"cat > map\.json <<'END'\n(.*?)\nEND\n", page, re.DOTALL)
    assert posted is not None
    assert parse_map(json.loads(posted[1])) == argmap.load(IMAGES / "tutorial.json")


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))
