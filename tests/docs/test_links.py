"""Every link inside the documentation leads to a file and a heading that exist, and every page can be reached."""

import re
from pathlib import Path

import pytest

_LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def pages(root: Path) -> dict[Path, str]:
    """The text of each page without its code, by its file."""
    files = [root / "README.md", *sorted((root / "docs").rglob("*.md"))]
    return {file: _CODE.sub("", file.read_text(encoding="utf-8")) for file in files}


def test_every_link_inside_the_documentation_leads_somewhere(pages: dict[Path, str]) -> None:
    broken = []
    for page, text in pages.items():
        for _, link in _LINK.findall(text):
            if "://" in link or link.startswith("mailto:"):
                continue
            name, _, heading = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            if not target.is_file() or (heading and heading not in _anchors(target)):
                broken.append(f"{page.name}: {link}")
    assert broken == []


def test_every_page_can_be_reached_from_the_readme(root: Path, pages: dict[Path, str]) -> None:
    reached = {root / "README.md"}
    for _ in pages:
        for page in [page for page in reached if page in pages]:
            links = (link.partition("#")[0] for _, link in _LINK.findall(pages[page]))
            reached |= {(page.parent / link).resolve() for link in links if link}
    assert [str(page.relative_to(root)) for page in pages if page not in reached] == []


def test_every_picture_says_in_words_what_it_shows(pages: dict[Path, str]) -> None:
    pictures = [
        match[0] for text in pages.values() for match in re.finditer(r"!\[([^\]]*)\]", text)
    ]
    assert pictures
    assert [picture for picture in pictures if len(picture) < 20] == []


def test_headings_make_the_anchors_that_are_known_from_git_hosts() -> None:
    assert _anchor("Claims and their four kinds") == "claims-and-their-four-kinds"
    assert _anchor("1. Post the article") == "1-post-the-article"
    assert _anchor("`ARGMAP_DATA`, and more") == "argmap_data-and-more"


def _anchors(page: Path) -> set[str]:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    return {_anchor(title) for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
