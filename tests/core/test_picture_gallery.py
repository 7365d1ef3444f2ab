"""The gallery shows every layout and theme, and what it shows are the example maps as they are."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

import argmap
from argmap import picture
from argmap.picture import Arrangement, Theme


@pytest.fixture(scope="module")
def gallery(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("gallery", root / "docs" / "gallery" / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_layout_and_theme_is_in_the_gallery(gallery):
    options = [options for _, options in gallery.pictures().values()]
    assert {o.theme for o in options} == set(Theme)
    assert {o.layout for o in options} >= {Arrangement.LAYERED, Arrangement.PAGE}


def test_the_pictures_are_there_and_show_the_claims_of_the_examples(gallery, root):
    folder = root / "docs" / "gallery"
    drawn = {file.stem for file in folder.glob("*.svg")}
    assert drawn == set(gallery.pictures()), "./dev python docs/gallery/make.py draws them anew"
    for name, (example, options) in gallery.pictures().items():
        kept = (folder / f"{name}.svg").read_text(encoding="utf-8")
        now = picture.draw(argmap.load(root / "examples" / f"{example}.json"), options)
        words = [re.findall(r'aria-label="([^"]*)"', svg) for svg in (kept, now)]
        assert words[0] == words[1], f"{name}: ./dev python docs/gallery/make.py draws it anew"


def test_the_page_of_the_gallery_is_the_one_that_the_command_writes(gallery, root):
    kept = (root / "docs" / "gallery" / "README.md").read_text(encoding="utf-8")
    assert kept == gallery.page()
