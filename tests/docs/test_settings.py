"""The page of settings has one heading for each setting, with its default, and no other."""

import re
from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings

PAGE = "docs/settings.md"
# What is read by the library itself, wherever it runs.
LIBRARY = re.compile(r"""environ(?:\.get\(|\[)\s*["'](ARGMAP_[A-Z_]+)["']""")


@pytest.fixture(scope="module")
def sections(root: Path) -> dict[str, str]:
    """The page's sections by their headings."""
    parts = re.split(r"^## (.+)$", (root / PAGE).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _settings() -> dict[str, Any]:
    return {f"ARGMAP_{name.upper()}": field for name, field in Settings.model_fields.items()}


def _of_library(root: Path) -> set[str]:
    files = (root / "argmap").rglob("*.py")
    return {name for file in files for name in LIBRARY.findall(file.read_text(encoding="utf-8"))}


def test_every_setting_has_its_heading_and_every_heading_is_a_setting(
    root: Path, sections: dict[str, str]
) -> None:
    assert "ARGMAP_LAYOUT_ENGINE" in _of_library(root)
    assert set(sections) == set(_settings()) | _of_library(root)


@pytest.mark.parametrize("name", _settings())
def test_the_default_of_a_setting_is_the_documented_one(
    name: str, sections: dict[str, str]
) -> None:
    said = sections[name].strip().split(".\n")[0]
    assert said.startswith("Default: ")
    default = _settings()[name].default
    if default is None:
        assert said.startswith("Default: none")
    elif name == "ARGMAP_EXAMPLES":
        assert f"`{default.name}`" in said
    else:
        assert said.startswith(f"Default: `{default}`")


def test_the_contents_link_to_every_setting(root: Path, sections: dict[str, str]) -> None:
    page = (root / PAGE).read_text(encoding="utf-8")
    assert set(re.findall(r"\[(ARGMAP_[A-Z_]+)\]\(#", page)) == set(sections)
    for name, anchor in re.findall(r"\[(ARGMAP_[A-Z_]+)\]\(#([^)]+)\)", page):
        assert anchor == name.lower()
