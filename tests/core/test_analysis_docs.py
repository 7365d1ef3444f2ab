"""The worked examples of docs/analysis say what the code does."""

import doctest
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "analysis"
PAGES = sorted(page for page in FOLDER.glob("*.md") if page.stem != "README")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_of_a_page_give_what_the_page_shows(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```pycon\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert blocks, f"{page.name} has no example"
    examples = doctest.DocTestParser().get_doctest("".join(blocks), {}, page.name, str(page), 0)
    said: list[str] = []
    assert doctest.DocTestRunner().run(examples, out=said.append).failed == 0, "".join(said)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_names_its_sources(page: Path) -> None:
    assert "\n## Sources\n" in page.read_text(encoding="utf-8")


def test_the_overview_leads_to_every_page() -> None:
    overview = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"({page.name})" in overview for page in PAGES)
