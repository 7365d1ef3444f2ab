"""The HTML outline: a page by itself that says every claim and relation, whatever their texts contain."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given
from playwright.sync_api import Browser

from argmap import formats
from argmap.model import ArgumentMap, Article, Claim, Relation
from tests.support.strategies import HOSTILE, examples, maps

VOID = {"meta", "br"}
ALLOWED = {
    "html": {"lang", "dir"}, "head": set(), "meta": {"charset", "name", "content"}, "title": set(), "style": set(),
    "body": set(), "main": set(), "h1": {"lang", "dir"}, "h2": {"id"}, "p": {"class", "lang", "dir"},
    "span": {"class", "lang", "dir"}, "section": set(), "ul": {"role"}, "li": {"id"}, "em": {"id", "class"},
    "b": {"lang", "dir"}, "a": {"class", "href", "rel"}, "blockquote": {"lang", "dir"},
}  # fmt: skip


class Outline(HTMLParser):
    """Reads an outline: its elements must nest and be of the list, with no other attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.in_text = False
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert given.keys() <= ALLOWED[tag], (tag, given)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name == "href" and value]
        if tag == "p":
            self.in_text = given.get("class") == "text"
            self.texts += [""] * self.in_text
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.in_text and self.open[-1:] == ["p"]:
            self.texts[-1] += data


def written(map: ArgumentMap) -> str:
    return formats.dump(map, "html").data.decode()


@given(maps())
@examples(40)
def test_every_claim_and_relation_has_its_anchor_once_and_every_link_leads_somewhere(
    map: ArgumentMap,
) -> None:
    page = Outline(written(map))
    expected = [f"claim-{claim.id}" for claim in map.claims]
    expected += [f"relation-{relation.id}" for relation in map.relations]
    assert sorted(page.ids) == sorted(expected)
    for link in page.links:
        assert link[1:] in page.ids if link.startswith("#") else link.startswith("http")
    assert len(page.texts) == len(map.claims)


def test_no_text_becomes_markup() -> None:
    texts = (*HOSTILE, "</style><script>alert(1)</script>", "</p></li></ul>")
    map = ArgumentMap(
        title="</title><script>alert(1)</script>",
        claims=tuple(
            Claim(id=f"c{n}", kind="thesis", text=text, speaker=text.replace("\n", " ").replace("\t", " "))
            for n, text in enumerate(texts)
        ),
    )  # fmt: skip
    page = Outline(written(map))
    assert sorted(page.texts) == sorted(texts)


def small(**more: object) -> ArgumentMap:
    claims = [
        ("c1", "thesis"),
        ("c2", "premise"),
        ("c3", "premise"),
        ("c4", "rebuttal"),
        ("c5", "rebuttal"),
    ]
    return ArgumentMap(
        claims=tuple(Claim(id=id, kind=kind, text=f"text {id}") for id, kind in claims),
        relations=(
            Relation(id="r1", kind="supports", sources=("c2", "c3"), target="c1"),
            Relation(id="r2", kind="attacks", sources=("c4",), target="r1"),
            Relation(id="r3", kind="attacks", sources=("c5",), target="r2"),
            Relation(id="r4", kind="restates", sources=("c5",), target="c1"),
        ),
        **more,
    )  # fmt: skip


def test_relations_are_said_in_words() -> None:
    words = " ".join(
        re.sub(r"<style>.*?</style>|<[^>]+>", " ", written(small()), flags=re.S).split()
    )
    for part in (
        "Thesis c1 text c1 restated by Rebuttal c5 text c5",  # first, as in every outline
        "supported by c2 and c3 together: Premise c2 text c2 Premise c3 text c3",
        "this step r1 is undercut by Rebuttal c4 text c4",
        "this step r2 is undercut by rebuttal c5 (written out elsewhere)",
    ):
        assert part in words, words


def test_a_map_in_arabic_is_laid_out_from_right_to_left_and_marked_with_its_language() -> None:
    map = ArgumentMap(
        language="ar", claims=(Claim(id="c1", kind="thesis", text="يجب أن تبقى المكتبة مفتوحة"),)
    )
    assert '<html lang="en" dir="rtl">' in written(map)
    assert '<p class="text" lang="ar" dir="auto">' in written(map)
    assert '<html lang="en" dir="ltr">' in written(small(language="de"))


@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_leaves_a_narrow_screen(
    browser: Browser, root: Path, scheme: str
) -> None:
    loaded = formats.load((root / "examples/old-enough-at-sixteen.json").read_bytes())
    article = Article(title="W" * 200, url="https://example.org/" + "x" * 300)
    page = browser.new_page(color_scheme=scheme, viewport={"width": 320, "height": 640})
    for map in (loaded.map, small(article=article, title="x" * 300)):
        page.set_content(written(map))
        found = Axe().run(page).response["violations"]
        assert [(item["id"], item["nodes"][0]["html"]) for item in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
