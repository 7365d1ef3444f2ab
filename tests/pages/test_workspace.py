"""The workspace in a browser: words of an article become claims, by mouse and by keyboard, saved as one works."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.pages import looking, sign_in
from tests.support.service import Person, Service

pytestmark = pytest.mark.xdist_group("workspace")

TEXT = (
    "The town 🏛️ should keep its library. It is the only quiet place that pupils have.\n\n"
    "A third of them, says the survey, share a room at home.\n\n"
    "Some say it costs too much. It costs less than the car park."
)
THESIS = "The town 🏛️ should keep its library."
REASON = "It is the only quiet place that pupils have."
FIGURE = "A third of them, says the survey, share a room at home."


@pytest.fixture(scope="module")
def coach(service: Service) -> Person:
    return service.person()


@pytest.fixture
def page(browser: Browser, service: Service, coach: Person) -> Iterator[Page]:
    with looking(browser, viewport={"width": 1280, "height": 800}) as page:
        sign_in(page, service, coach)
        yield page


def new_map(coach: Person, **more: Any) -> dict[str, Any]:
    article = coach.article(title="Keep the library", text=TEXT)
    return coach.map(
        article["id"], **{"title": "The library", "claims": [], "relations": [], **more}
    )


def shown(page: Page, service: Service, map: dict[str, Any], claim: str = "") -> None:
    page.goto(f"{service.url}/maps/{map['id']}{claim and '#' + claim}")
    page.wait_for_selector("body[data-ready]")


def stored(coach: Person, map: dict[str, Any]) -> dict[str, Any]:
    return coach.client.get(f"/maps/{map['id']}").json()


def saved(page: Page) -> None:
    expect(page.locator("#save")).to_have_text(re.compile(r"Saved \d\d:\d\d"))


def select(page: Page, words: str, backwards: bool = False) -> None:
    """Select words of one paragraph by mouse, from either end."""
    ends = page.evaluate(
        """words => {
          const para = [...document.querySelectorAll(".para")].find(p => p.firstChild.data.includes(words));
          const at = para.firstChild.data.indexOf(words), range = new Range();
          range.setStart(para.firstChild, at); range.setEnd(para.firstChild, at + words.length);
          const boxes = [...range.getClientRects()], first = boxes[0], last = boxes.at(-1);
          return [[first.left + 0.5, first.top + first.height / 2], [last.right - 0.5, last.top + last.height / 2]];
        }""",
        words,
    )
    start, end = reversed(ends) if backwards else ends
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def place(page: Page, paragraph: int, unit: int) -> tuple[float, float]:
    """Where a letter of a paragraph is on the screen."""
    x, y = page.evaluate(
        """([paragraph, unit]) => {
          const node = document.querySelector(`#p${paragraph}`).firstChild, range = new Range();
          range.setStart(node, unit);
          range.setEnd(node, unit + 1);
          const box = range.getBoundingClientRect();
          return [box.left + 1, box.top + box.height / 2];
        }""",
        [paragraph, unit],
    )
    return x, y


def select_by_keys(page: Page, words: str) -> None:
    """Select words with the caret of the article: a paragraph's beginning, then Shift and arrows."""
    page.locator("#article").focus()
    page.keyboard.press("ArrowRight")
    before = TEXT.index(words)
    for _ in range(before if before < 60 else 0):
        page.keyboard.press("ArrowRight")
    while len(page.evaluate("getSelection().toString()")) < len(words.encode("utf-16-le")) // 2:
        page.keyboard.press("Shift+ArrowRight")


@pytest.mark.parametrize("by", ["mouse", "mouse backwards", "keyboard"])
def test_selected_words_become_a_thesis_whose_quote_is_right_behind_an_emoji(
    by: str, page: Page, service: Service, coach: Person
) -> None:
    map = new_map(coach)
    shown(page, service, map)
    expect(page.get_by_role("heading", name="Begin with the thesis")).to_be_visible()
    if by == "keyboard":
        select_by_keys(page, THESIS)
    else:
        select(page, THESIS, "backwards" in by)
    bar = page.get_by_role("toolbar", name="Make a claim of these words")
    expect(bar).to_be_visible()
    if by == "mouse":
        bar.get_by_role("button", name="Thesis").click()
    else:
        page.keyboard.press("t")
    area = page.get_by_role("textbox", name="Claim in your words")
    expect(area).to_be_focused()
    assert area.input_value() == THESIS
    page.keyboard.press("Enter")
    saved(page)
    (claim,) = stored(coach, map)["claims"]
    assert (claim["kind"], claim["text"]) == ("thesis", THESIS)
    (quote,) = claim["quotes"]
    assert (quote["exact"], quote["start"], quote["end"]) == (THESIS, 0, len(THESIS))
    assert quote["state"] == "anchored"
    expect(page.locator("[data-claim=c1]")).to_have_class(re.compile("thesis"))
    assert page.url.endswith("#c1")


def test_a_reason_hangs_on_the_chosen_claim_and_tab_changes_how(
    page: Page, service: Service, coach: Person
) -> None:
    map = new_map(coach, claims=[{"id": "c1", "kind": "thesis", "text": "Keep the library."}])
    shown(page, service, map, "c1")
    select(page, REASON)
    page.keyboard.press("p")
    chip = page.locator(".edit .chip")
    expect(chip).to_have_text("supports: Keep the library.")
    page.keyboard.press("Tab")
    expect(chip).to_have_text("attacks: Keep the library.")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("Pupils need a quiet place.")
    page.keyboard.press("Enter")
    select(page, FIGURE)
    page.keyboard.press("e")
    expect(chip).to_have_text("supports: Pupils need a quiet place.")
    page.keyboard.press("Enter")
    saved(page)
    now = stored(coach, map)
    assert [claim["kind"] for claim in now["claims"]] == ["thesis", "premise", "evidence"]
    assert [(r["kind"], r["sources"], r["target"]) for r in now["relations"]] == [
        ("supports", ["c2"], "c1"),
        ("supports", ["c3"], "c2"),
    ]
    assert now["claims"][2]["quotes"][0]["exact"] == FIGURE
    assert page.locator(".claim").count() == 3


def test_a_claim_is_linked_by_a_few_letters_and_by_dragging_and_both_are_undone(
    page: Page, service: Service, coach: Person
) -> None:
    claims = [
        {"id": "c1", "kind": "thesis", "text": "Keep the library."},
        {"id": "c2", "kind": "premise", "text": "Pupils need quiet."},
        {"id": "c3", "kind": "evidence", "text": "A third share a room."},
    ]
    map = new_map(coach, claims=claims)
    shown(page, service, map, "c3")
    page.locator("[data-claim=c3]").focus()
    page.keyboard.press("l")
    page.keyboard.type("quiet")
    page.keyboard.press("Enter")
    saved(page)
    assert [r["target"] for r in stored(coach, map)["relations"]] == ["c2"]
    page.locator("[data-claim=c2]").drag_to(page.locator("[data-claim=c1]"))
    expect(page.locator("[data-relation=r2]")).to_have_count(1)
    saved(page)
    assert [r["target"] for r in stored(coach, map)["relations"]] == ["c2", "c1"]
    page.reload()
    page.wait_for_selector("body[data-ready]")
    for left in (1, 0):
        page.keyboard.press("Control+z")
        expect(page.locator("[data-relation]")).to_have_count(left)
    page.keyboard.press("Control+Shift+z")
    expect(page.locator("[data-relation]")).to_have_count(1)
    assert [r["target"] for r in stored(coach, map)["relations"]] == ["c2"]


def test_a_removed_claim_says_what_goes_with_it_and_comes_back_whole(
    page: Page, service: Service, coach: Person
) -> None:
    map = coach.map(title="Small")
    shown(page, service, map, "c4")
    page.locator("[data-claim=c2]").click()
    page.keyboard.press("Backspace")
    expect(page.locator(".toast")).to_contain_text("Removed “Pupils need a quiet place.”")
    expect(page.locator("[data-claim=c2]")).to_have_count(0)
    saved(page)
    before = map["relations"]
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("[data-claim=c2]")).to_have_count(1)
    assert stored(coach, map)["relations"] == before


def test_without_a_connection_changes_are_kept_over_a_closed_tab_and_sent_later(
    browser: Browser, service: Service, coach: Person
) -> None:
    map = coach.map(title="Offline")
    with looking(browser, expected="ERR_", viewport={"width": 1280, "height": 800}) as page:
        sign_in(page, service, coach)
        shown(page, service, map, "c2")
        context = page.context
        context.route("**/api/v1/**", lambda route: route.abort())
        page.locator("[data-claim=c2]").dblclick()
        page.keyboard.press("Control+a")
        page.keyboard.type("Pupils need peace.")
        page.keyboard.press("Enter")
        expect(page.locator("#save")).to_have_text("Offline · 1 change kept here")
        expect(page.locator("[data-claim=c2]")).to_contain_text("Pupils need peace.")
        page.close()
        assert stored(coach, map)["version"] == 1
        context.unroute("**/api/v1/**")
        again = context.new_page()
        shown(again, service, map, "c2")
        saved(again)
        assert stored(coach, map)["claims"][1]["text"] == "Pupils need peace."


def test_two_people_who_changed_one_text_see_both_and_one_chooses(
    browser: Browser, service: Service, coach: Person
) -> None:
    map = coach.map(title="Two")
    with looking(browser, expected="409", viewport={"width": 1280, "height": 800}) as page:
        sign_in(page, service, coach)
        choose_between_two(page, service, coach, map)


def choose_between_two(page: Page, service: Service, coach: Person, map: dict[str, Any]) -> None:
    shown(page, service, map, "c2")
    page.locator("[data-claim=c2]").dblclick()
    page.keyboard.press("Control+a")
    page.keyboard.type("Mine.")
    assert coach.patch(f"/maps/{map['id']}/claims/c2", {"text": "Theirs."}).status_code == 200
    expect(page.locator("[data-claim=c1]")).to_be_visible()
    page.keyboard.press("Enter")
    both = page.get_by_role("group", name="both changed this claim")
    expect(both).to_contain_text("Mine.")
    expect(both).to_contain_text("Theirs.")
    assert stored(coach, map)["claims"][1]["text"] == "Theirs."
    both.get_by_role("button", name="Keep mine").click()
    saved(page)
    assert stored(coach, map)["claims"][1]["text"] == "Mine."


def test_anothers_claim_shows_without_moving_what_one_writes(
    page: Page, service: Service, coach: Person
) -> None:
    map = coach.map(title="Together")
    other = service.person()
    granted = coach.client.put(f"/maps/{map['id']}/grants/{other.id}", json={"role": "editor"})
    assert granted.status_code in (200, 201, 204)
    shown(page, service, map, "c3")
    page.locator("[data-claim=c3]").dblclick()
    area = page.get_by_role("textbox", name="Claim in your words")
    page.keyboard.press("End")
    page.keyboard.type(" Half")
    at = area.bounding_box()
    body = {"kind": "premise", "text": "It is warm."}
    assert other.client.post(f"/maps/{map['id']}/claims", json=body).status_code == 201
    expect(page.locator("[data-claim=c5]")).to_contain_text("It is warm.")
    expect(page.locator("[data-claim=c5] .flag")).to_have_text(other.name)
    expect(area).to_be_focused()
    assert area.bounding_box() == at
    page.keyboard.type(" done")
    assert area.input_value().endswith("Half done")


def test_the_outline_is_edited_by_keys_alone(page: Page, service: Service, coach: Person) -> None:
    claims = [
        {"id": "c1", "kind": "thesis", "text": "Keep the library."},
        {"id": "c2", "kind": "premise", "text": "Pupils need quiet."},
    ]
    map = new_map(coach, claims=claims)
    shown(page, service, map)
    page.get_by_role("tab", name="Outline").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-row=c1]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    saved(page)
    assert [(r["sources"], r["target"]) for r in stored(coach, map)["relations"]] == [
        (["c2"], "c1")
    ]
    expect(page.locator("[data-row=c2]")).to_be_focused()
    page.keyboard.press("e")
    page.keyboard.type("A third share a room.")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row=c3]")).to_be_focused()
    saved(page)
    now = stored(coach, map)
    assert (now["claims"][2]["kind"], now["claims"][2]["text"]) == (
        "evidence",
        "A third share a room.",
    )
    page.keyboard.press("Shift+Tab")
    expect(page.locator("[data-row=c3]")).to_be_focused()
    saved(page)
    assert stored(coach, map)["relations"][1]["target"] == "c1"
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".row")).to_have_count(3)
    expect(page.locator(".row").nth(1)).to_have_attribute("data-row", "c3")
    expect(page.locator("[data-row=c3]")).to_be_focused()
    saved(page)
    assert [r["sources"] for r in stored(coach, map)["relations"]] == [["c3"], ["c2"]]


def test_a_reader_has_the_map_and_no_tools(
    browser: Browser, service: Service, coach: Person
) -> None:
    map = new_map(coach, claims=[{"id": "c1", "kind": "thesis", "text": "Keep the library."}])
    assert (
        coach.patch(f"/articles/{map['article_id']}", {"visibility": "public"}).status_code == 200
    )
    assert coach.patch(f"/maps/{map['id']}", {"visibility": "public"}).status_code == 200
    with looking(browser) as page:
        shown(page, service, map, "c1")
        expect(page.locator("[data-claim=c1]")).to_be_visible()
        select(page, THESIS)
        page.keyboard.press("t")
        assert page.locator(".pick, .edit, .acts").count() == 0
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_a_claims_address_shows_that_claim_in_the_middle_with_its_words(
    page: Page, service: Service
) -> None:
    (example,) = (
        item["id"]
        for item in service.client().get("/maps").json()["items"]
        if item["title"] == "Old Enough at Sixteen"
    )
    shown(page, service, {"id": example}, "c16")
    card = page.locator("[data-claim=c16]").bounding_box()
    assert card is not None
    assert 474 < card["x"] < 1100
    assert 100 < card["y"] < 700
    rule = page.locator(".rule").first.bounding_box()
    assert rule is not None
    assert 52 < rule["y"] < 800, "its words are in view"
    assert (
        page.locator(".claim .text").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
        >= 11
    )


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 768), ("light", 360)]
)
def test_axe_finds_nothing_in_the_states_of_the_workspace(
    scheme: Any, width: int, browser: Browser, service: Service, coach: Person
) -> None:
    map = coach.map(new_map(coach)["article_id"], title="A map")
    size: Any = {"width": width, "height": 800}
    with looking(browser, bypass_csp=True, viewport=size, color_scheme=scheme) as page:
        sign_in(page, service, coach)

        def check(state: str) -> None:
            results = Axe().run(page)
            assert results.violations_count == 0, f"{state}: {results.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, state

        shown(page, service, map, "c2")
        check("map")
        if width == 360:
            return
        page.locator("[data-claim=c2]").dblclick()
        check("writing")
        page.keyboard.press("Control+.")
        check("details")
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.locator("[data-claim=c2]").focus()
        page.keyboard.press("l")
        check("linking")
        page.keyboard.press("Escape")
        page.keyboard.press("g")
        page.locator(".panel .seg").wait_for()
        check("review")
        page.keyboard.press("Escape")
        page.get_by_role("tab", name="Outline").click()
        check("outline")


def test_whoever_deletes_a_map_or_corrects_its_article_is_noticed_and_nothing_typed_is_lost(
    browser: Browser, service: Service, coach: Person
) -> None:
    map = new_map(coach, claims=[{"id": "c1", "kind": "thesis", "text": "Keep the library."}])
    with looking(browser, expected="404", viewport={"width": 1280, "height": 800}) as page:
        sign_in(page, service, coach)
        shown(page, service, map, "c1")
        corrected = coach.patch(f"/articles/{map['article_id']}", {"text": "So: " + TEXT})
        assert corrected.status_code == 200
        expect(page.locator("#notice")).to_contain_text("The article was corrected")
        page.reload()
        page.wait_for_selector("body[data-ready]")
        page.locator("[data-claim=c1]").dblclick()
        page.keyboard.type("What I wrote")
        version = str(stored(coach, map)["version"])
        gone = coach.client.delete(f"/maps/{map['id']}", headers={"If-Match": f'"{version}"'})
        assert gone.status_code == 204
        expect(page.locator("#notice")).to_contain_text("deleted")
        assert "What I wrote" in page.locator("[data-claim=c1]").inner_text()


def test_single_keys_can_be_switched_off(page: Page, service: Service, coach: Person) -> None:
    map = coach.map(title="Keys")
    shown(page, service, map, "c2")
    page.locator("[data-claim=c2]").focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    expect(page.locator("[data-claim=c2]")).to_be_focused()
    page.keyboard.press("l")
    page.keyboard.press("e")
    assert page.locator(".palette, .edit").count() == 0
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-claim=c2]")).not_to_be_focused()


def test_the_projector_shows_the_map_alone_in_large_letters(
    page: Page, service: Service, coach: Person
) -> None:
    map = coach.map(title="On the wall")
    shown(page, service, map, "c1")
    page.locator("[data-claim=c1]").focus()
    page.keyboard.press("f")
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator(".hud")).to_contain_text("1 of 4")
    height = page.locator("[data-claim=c2] .text").evaluate(
        "text => parseFloat(getComputedStyle(text).fontSize) * text.getBoundingClientRect().width / text.offsetWidth"
    )
    assert height >= 18
    page.keyboard.press("ArrowRight")
    expect(page.locator(".hud")).to_contain_text("2 of 4")
    page.keyboard.press("Escape")
    expect(page.locator("header.top")).to_be_visible()


FOUR = [
    {"id": "c1", "kind": "thesis", "text": "Keep the library."},
    {"id": "c2", "kind": "premise", "text": "Pupils need quiet."},
    {"id": "c3", "kind": "premise", "text": "It is quiet there."},
    {"id": "c4", "kind": "rebuttal", "text": "Not in the evening."},
]
LINKS = [
    {"id": "r1", "kind": "supports", "sources": ["c2"], "target": "c1"},
    {"id": "r2", "kind": "supports", "sources": ["c3"], "target": "c1"},
]


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_a_relation_is_chosen_and_its_kind_direction_and_target_put_right(
    by: str, page: Page, service: Service, coach: Person
) -> None:
    map = new_map(coach, claims=FOUR, relations=LINKS)
    shown(page, service, map, "c3")

    def choose() -> None:
        if by == "mouse":
            page.locator("[data-relation=r2] .hit").dispatch_event("click")
        else:
            page.locator("[data-claim=c3]").focus()
            page.keyboard.press(".")
        expect(page.locator("[data-relation=r2]")).to_have_class(re.compile(r"\bon\b"))

    def do(name: str, key: str | None = None) -> None:
        choose()
        button = page.locator(".stepbar").get_by_role("button", name=name)
        if by == "keyboard" and key:
            page.keyboard.press(key)
        elif by == "keyboard":
            button.focus()
            page.keyboard.press("Enter")
        else:
            button.click()
        page.wait_for_timeout(30)

    def now() -> Any:
        saved(page)
        found = {r["id"]: r for r in stored(coach, map)["relations"]}
        return found["r2"]["kind"], found["r2"]["sources"], found["r2"]["target"]

    do("Attacks")
    assert now() == ("attacks", ["c3"], "c1")
    do("Supports")
    do("Point elsewhere", "l")
    page.keyboard.type("pupils")
    page.keyboard.press("Enter")
    assert now() == ("supports", ["c3"], "c2")
    do("Turn round", "x")
    assert now() == ("supports", ["c2"], "c3")
    page.keyboard.press("Control+z")
    expect(page.locator("[data-relation=r2]")).to_have_attribute("data-relation", "r2")
    page.wait_for_timeout(300)
    assert now() == ("supports", ["c3"], "c2")
    do("Undercut", "u")
    page.keyboard.type("Only at noon.")
    page.keyboard.press("Enter")
    saved(page)
    last = stored(coach, map)["relations"][-1]
    assert (last["kind"], last["target"]) == ("attacks", "r2")


def test_chosen_reasons_count_together_and_words_are_quoted_for_the_chosen_claim(
    page: Page, service: Service, coach: Person
) -> None:
    map = new_map(coach, claims=FOUR, relations=LINKS)
    shown(page, service, map, "c2")
    page.locator("[data-claim=c2]").focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("j")
    saved(page)
    (step,) = stored(coach, map)["relations"]
    assert sorted(step["sources"]) == ["c2", "c3"]
    page.locator("[data-claim=c3]").click()
    select(page, "the only quiet place")
    page.keyboard.press("q")
    saved(page)
    (quote,) = stored(coach, map)["claims"][2]["quotes"]
    assert quote["exact"] == "the only quiet place"
    assert TEXT[quote["start"] : quote["end"]] == "the only quiet place"
    page.locator("[data-claim=c1]").click()
    page.mouse.click(*place(page, 1, TEXT.index("only quiet") + 2))
    expect(page).to_have_url(re.compile("#c3$"))


def test_words_are_selected_across_paragraphs_and_by_double_click(
    page: Page, service: Service, coach: Person
) -> None:
    map = new_map(coach, claims=FOUR, relations=LINKS)
    shown(page, service, map, "c2")
    ends = place(page, 1, 39), place(page, 2, 30)
    page.mouse.move(*ends[1])
    page.mouse.down()
    page.mouse.move(*ends[0], steps=5)
    page.mouse.up()
    page.keyboard.press("e")
    page.keyboard.press("Enter")
    saved(page)
    (quote,) = stored(coach, map)["claims"][-1]["quotes"]
    assert TEXT[quote["start"] : quote["end"]] == quote["exact"]
    assert "\n\n" in quote["exact"]
    page.mouse.dblclick(*ends[1])
    expect(page.locator(".pick")).to_be_visible()


def test_on_a_tablet_a_claim_is_made_by_touch_and_on_a_phone_one_reads(
    browser: Browser, service: Service, coach: Person
) -> None:
    map = new_map(coach, claims=FOUR, relations=LINKS)
    with looking(browser, viewport={"width": 768, "height": 1024}, has_touch=True) as page:
        sign_in(page, service, coach)
        shown(page, service, map, "c2")
        page.evaluate(
            """() => { const p = document.querySelector("#p3").firstChild, r = new Range();
              r.setStart(p, 0); r.setEnd(p, 26); getSelection().addRange(r); }"""
        )
        page.locator(".pick").get_by_role("button", name="Rebuttal").tap()
        expect(page.locator(".edit .chip")).to_have_text("attacks: Pupils need quiet.")
        for button in page.locator(".pick button, .acts button, .zoom button").all():
            box = button.bounding_box()
            assert box is None or box["height"] >= 44
        page.locator(".edit").get_by_role("button", name="save").tap()
        saved(page)
        assert stored(coach, map)["relations"][-1]["target"] == "c2"
    with looking(browser, viewport={"width": 360, "height": 740}, has_touch=True) as page:
        sign_in(page, service, coach)
        shown(page, service, map)
        page.get_by_role("tab", name="Map").tap()
        page.locator("[data-claim=c2]").tap()
        expect(page.get_by_role("region", name="Pupils need quiet.")).to_contain_text("1 against")
        assert page.locator(".acts, .edit").count() == 0
