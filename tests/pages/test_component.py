"""The web component on a page of another origin, under a policy that allows the service's script and answers alone."""

import json
import re
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from tests.support.pages import Site, looking, sign_in
from tests.support.service import Service

pytestmark = pytest.mark.xdist_group("browser")

LISTENING = """
window.heard = [];
for (const type of ["claim-focus", "claim-select", "claim-deselect"]) {
  document.addEventListener(type, ({ type, target, detail }) => heard.push([type, target.id, detail]));
}
for (const type of ["load", "error"]) {
  document.addEventListener(type, ({ target, detail }) => {
    if (target.localName === "argument-map") heard.push([type, target.id, detail]);
  }, true);
}
await import(SCRIPT);
"""
STRICT = (
    "default-src 'none'; script-src 'self' {0}; connect-src {0}; require-trusted-types-for 'script'"
)


VIEW_BOX = """map => {
    const [view, svg] = [".view", "svg"].map((name) => map.shadowRoot.querySelector(name));
    const [frame, drawn] = [view, svg].map((element) => element.getBoundingClientRect());
    const { x, y, width } = svg.viewBox.baseVal;
    const scale = drawn.width / width;
    const [left, top] = [frame.left - drawn.left, frame.top - drawn.top];
    return [x + left / scale, y + top / scale, frame.width / scale, frame.height / scale];
}"""


@pytest.fixture
def foreign(site: Site, service: Service) -> Site:
    script = json.dumps(f"{service.url}/static/argument-map.js")
    site.answers["/page.js"] = ("text/javascript", LISTENING.replace("SCRIPT", script))
    site.policy = STRICT.format(service.url)
    return site


@pytest.fixture(scope="module")
def maps(service: Service) -> list[dict[str, Any]]:
    """Three public maps, whole."""
    person = service.person()
    texts = ("Two\nlines and  spaces.", "a(b)[c]*d+e?f.g^h$i|j\\k/l-m", "Donaudampfschiffahrt" * 12)
    person.map(
        title="Odd texts",
        visibility="public",
        claims=[
            {
                "id": "c1",
                "kind": "thesis",
                "text": "Texts are told as they are, however long. " * 20,
            },
            *({"id": f"c{n}", "kind": "premise", "text": text} for n, text in enumerate(texts, 2)),
            {
                "id": "c5",
                "kind": "rebuttal",
                "text": "這是一個沒有空格的很長的句子用來測試換行是否正確" * 2,
            },
            {
                "id": "c6",
                "kind": "evidence",
                "text": "The very words.",
                "quotes": [{"exact": "The very words."}],
            },
            {"id": "c7", "kind": "evidence", "text": "שלום world"},
        ],
        relations=[
            {"id": f"r{n}", "kind": "supports", "sources": [f"c{n}"], "target": "c1"}
            for n in range(2, 8)
        ],
    )
    items = httpx.get(f"{service.url}/api/v1/maps?limit=3").json()["items"]
    assert len(items) == 3
    return [httpx.get(f"{service.url}/api/v1/maps/{item['id']}").json() for item in items]


@pytest.fixture
def shown(page: Page, foreign: Site, service: Service, maps: list[dict[str, Any]]) -> Page:
    """A page of the other site with three maps, loaded."""
    page.goto(foreign.shows("".join(element(service, map) for map in maps)))
    loaded(page, 3)
    return page


def element(service: Service, map: dict[str, Any], more: str = "", query: str = "") -> str:
    address = f"{service.url}/api/v1/maps/{map['id']}.svg{query}"
    return f'<argument-map id="map-{map["id"]}" src="{address}" {more}></argument-map>'


def loaded(page: Page, count: int) -> None:
    until(page, f"window.heard?.filter(([type]) => type === 'load').length >= {count}")


def until(page: Page, expression: str) -> None:
    """Wait until an expression is true; `wait_for_function` is against the policy of these pages."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"{expression} has not become true")


def heard(page: Page, type: str) -> list[Any]:
    found = page.evaluate("type => heard.filter((one) => one[0] === type)", type)
    return [(target, detail) for _, target, detail in found]


def the(page: Page, map: dict[str, Any]) -> Locator:
    return page.locator(f"#map-{map['id']}")


def view_box(map: Locator) -> list[float]:
    """Return x, y, width and height in points of what is shown, once it rests."""
    box: list[float] = []
    while box != (box := map.evaluate(VIEW_BOX)):
        map.page.wait_for_timeout(60)
    return box


def test_three_maps_on_a_page_of_another_origin_tell_every_claim_as_it_is(
    shown: Page, maps: list[dict[str, Any]]
) -> None:
    for map in maps:
        told = the(shown, map).evaluate("map => map.claims")
        assert {claim["id"]: (claim["kind"], claim["text"]) for claim in told} == {
            claim["id"]: (
                claim["kind"],
                claim["text"].replace("\n", " "),
            )  # as XML reads attributes
            for claim in map["claims"]
        }
        assert told[0]["kind"] == "thesis"


def test_a_click_selects_a_claim_and_tells_the_page(
    shown: Page, maps: list[dict[str, Any]]
) -> None:
    for map in maps:
        the(shown, map).locator("[data-claim=c1]").click()
    assert heard(shown, "claim-select") == [
        (f"map-{map['id']}", {"id": "c1", "kind": "thesis", "text": map["claims"][0]["text"]})
        for map in maps
    ]
    first = the(shown, maps[0])
    assert first.locator("[aria-current]").get_attribute("data-claim") == "c1"
    first.locator(".argmap").click(position={"x": 3, "y": 3})
    assert first.locator("[aria-current]").count() == 0
    assert [detail["id"] for _, detail in heard(shown, "claim-deselect")] == ["c1"]


def test_the_keys_walk_along_relations_select_zoom_and_let_go(
    shown: Page, maps: list[dict[str, Any]]
) -> None:
    map = maps[0]
    assert map["title"] == "Odd texts"
    here = the(shown, map)
    here.get_by_role("button", name="How to move about").focus()
    here.locator("[data-claim=c1]").focus()
    whole = view_box(here)
    walk = ["c1"]
    for key in ("ArrowDown", "ArrowRight", "ArrowUp", "End", "Home"):
        shown.keyboard.press(key)
        walk.append(here.evaluate("map => map.shadowRoot.activeElement.dataset.claim"))
    assert walk[1] in ("c2", "c3", "c4", "c5", "c6", "c7")
    assert walk[2] in ("c2", "c3", "c4", "c5", "c6", "c7")
    assert walk[1] != walk[2]
    assert walk[3:] == ["c1", "c7", "c1"]
    assert [detail["id"] for _, detail in heard(shown, "claim-focus")] == walk
    shown.keyboard.press("Enter")
    assert [detail["id"] for _, detail in heard(shown, "claim-select")] == ["c1"]
    before = view_box(here)
    shown.keyboard.press("+")
    assert view_box(here)[2] == pytest.approx(before[2] / 1.3)
    shown.keyboard.press("-")
    assert view_box(here)[2] == pytest.approx(before[2])
    shown.keyboard.press("+")
    shown.keyboard.press("0")
    assert view_box(here) == pytest.approx(whole)
    shown.keyboard.press("Escape")
    assert here.locator("[aria-current]").count() == 0
    outline = here.locator("[data-claim=c1]").evaluate("claim => getComputedStyle(claim).outline")
    assert "solid" in outline
    assert "3px" in outline


def test_every_claim_can_be_reached_with_the_arrows(
    shown: Page, maps: list[dict[str, Any]]
) -> None:
    for map in maps:
        here = the(shown, map)
        here.locator("[data-claim=c1]").focus()
        steps = here.evaluate(
            """map => {
                const root = map.shadowRoot;
                const press = (key) => root.activeElement.dispatchEvent(
                    new KeyboardEvent("keydown", { key, bubbles: true }));
                const found = new Set(["c1"]);
                const todo = ["c1"];
                while (todo.length) {
                    const id = todo.pop();
                    for (const key of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]) {
                        root.querySelector(`[data-claim=${id}]`).focus();
                        press(key);
                        const next = root.activeElement.dataset.claim;
                        if (!found.has(next)) { found.add(next); todo.push(next); }
                    }
                }
                return [...found];
            }"""
        )
        assert set(steps) == {claim["id"] for claim in map["claims"]}


def test_the_tab_key_comes_to_one_claim_of_each_map(
    shown: Page, maps: list[dict[str, Any]]
) -> None:
    for map in maps:
        assert the(shown, map).locator(".claim[tabindex='0']").count() == 1
    here = the(shown, maps[0])
    here.get_by_role("button", name="Zoom in").focus()
    for name in ("Zoom out", "Show the whole map", "How to move about"):
        shown.keyboard.press("Tab")
        assert here.get_by_role("button", name=name).evaluate("b => b.matches(':focus')")
    shown.keyboard.press("Enter")
    assert "Escape lets go" in here.locator(".help.shown").inner_text()


def test_dragging_moves_the_map_and_selects_nothing(
    shown: Page, maps: list[dict[str, Any]]
) -> None:
    here = the(shown, maps[1])
    here.scroll_into_view_if_needed()
    here.get_by_role("button", name="Zoom in").click()
    before = view_box(here)
    box = here.locator("[data-claim=c1]").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    shown.mouse.move(x, y)
    shown.mouse.down()
    shown.mouse.move(x - 40, y + 20, steps=4)
    shown.mouse.up()
    after = view_box(here)
    scale = shown.evaluate("map => map.clientWidth", here.element_handle()) / after[2]
    assert after[0] - before[0] == pytest.approx(40 / scale, rel=0.05)
    assert heard(shown, "claim-select") == []


def test_the_wheel_zooms_with_control_and_scrolls_the_page_without(
    shown: Page, maps: list[dict[str, Any]]
) -> None:
    here = the(shown, maps[0])
    box = here.bounding_box()
    assert box is not None
    before = view_box(here)
    shown.mouse.move(box["x"] + 100, box["y"] + 100)
    shown.keyboard.down("Control")
    shown.mouse.wheel(0, -100)
    shown.keyboard.up("Control")
    shown.wait_for_timeout(100)
    zoomed = view_box(here)
    assert zoomed[2] < before[2] * 0.9
    assert shown.evaluate("scrollY") == 0
    # What was under the pointer stays there.
    for start, length, size in ((0, 2, box["width"]), (1, 3, box["height"])):
        was = before[start] + before[length] * 100 / size
        assert zoomed[start] + zoomed[length] * 100 / size == pytest.approx(was, abs=2)
    shown.mouse.wheel(0, 100)
    until(shown, "scrollY > 0")
    assert view_box(here) == zoomed


def test_two_fingers_zoom_and_one_moves(
    browser: Browser, foreign: Site, service: Service, maps: list[dict[str, Any]]
) -> None:
    with looking(browser, has_touch=True, viewport={"width": 390, "height": 800}) as page:
        page.goto(foreign.shows(element(service, maps[1])))
        loaded(page, 1)
        here = the(page, maps[1])
        box = here.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        session = page.context.new_cdp_session(page)

        def touch(type: str, *points: tuple[float, float]) -> None:
            fingers = [{"x": x + dx, "y": y + dy, "id": n} for n, (dx, dy) in enumerate(points)]
            session.send("Input.dispatchTouchEvent", {"type": type, "touchPoints": fingers})

        before = view_box(here)
        touch("touchStart", (-30, 0), (30, 0))
        for apart in (40, 50, 60):
            touch("touchMove", (-apart, 0), (apart, 0))
        touch("touchEnd")
        pinched = view_box(here)
        assert pinched[2] == pytest.approx(before[2] / 2, rel=0.1)
        touch("touchStart", (0, 0))
        for right in (10, 30, 50):
            touch("touchMove", (right, 0))
        touch("touchEnd")
        moved = view_box(here)
        assert moved[0] < pinched[0]
        assert moved[2] == pytest.approx(pinched[2])


def test_motion_is_left_out_for_those_who_want_less_of_it(
    browser: Browser, foreign: Site, service: Service, maps: list[dict[str, Any]]
) -> None:
    counting = """map => {
        const svg = map.shadowRoot.querySelector("svg");
        let [count, last] = [0, svg.style.transform];
        new MutationObserver(() => {
            if (svg.style.transform !== last) count += 1;
            last = svg.style.transform;
        }).observe(svg, { attributeFilter: ["style"] });
        map.show("c5");
        return new Promise((resolve) => setTimeout(() => resolve(count), 400));
    }"""
    counts = []
    for motion in ("reduce", "no-preference"):
        with looking(browser, reduced_motion=motion) as page:
            page.goto(foreign.shows(element(service, maps[1])))
            loaded(page, 1)
            counts.append(the(page, maps[1]).evaluate(counting))
    assert counts[0] == 1
    assert counts[1] > 1


def test_attributes_choose_the_colours_the_height_and_where_to_begin(
    page: Page, foreign: Site, service: Service, maps: list[dict[str, Any]]
) -> None:
    more = 'theme="dark" height="300" focus="c5"'
    page.goto(foreign.shows(element(service, maps[1], more)))
    loaded(page, 1)
    here = the(page, maps[1])
    ground = "map => getComputedStyle(map.shadowRoot.querySelector('.ground')).fill"
    assert here.evaluate(ground) == "rgb(20, 24, 31)"
    assert here.evaluate("map => map.clientHeight") == 300
    assert here.locator(".claim.focus").get_attribute("data-claim") == "c5"
    x, y, width, height = view_box(here)
    left, top = here.locator("[data-claim=c5]").evaluate(
        "claim => claim.getAttribute('transform').match(/-?[\\d.]+/g).map(Number)"
    )
    assert x <= left <= x + width
    assert y <= top <= y + height
    here.evaluate(
        "map => { map.setAttribute('theme', 'light'); map.setAttribute('height', '20rem'); }"
    )
    loaded(page, 2)
    assert here.evaluate(ground) == "rgb(255, 255, 255)"
    assert here.evaluate("map => map.clientHeight") == 320
    here.evaluate("map => { map.setAttribute('height', '1px; } body { display: none'); }")
    assert page.locator("h1").is_visible()


def test_a_narrow_element_takes_the_picture_for_narrow_ones(
    page: Page, foreign: Site, service: Service, maps: list[dict[str, Any]]
) -> None:
    narrow = f"{service.url}/api/v1/maps/{maps[1]['id']}.svg?layout=page&amp;page=360x1400"
    page.goto(foreign.shows(element(service, maps[1], f'narrow="{narrow}"')))
    loaded(page, 1)
    here = the(page, maps[1])
    shape = "map => map.shadowRoot.querySelector('svg').querySelectorAll('.claim').length"
    claims = here.evaluate(shape)
    with page.expect_response(lambda answer: "360x1400" in answer.url):
        page.set_viewport_size({"width": 400, "height": 800})
    loaded(page, 2)
    assert here.evaluate(shape) == claims


def test_a_map_that_is_hidden_while_it_loads_begins_when_it_is_shown(
    page: Page, foreign: Site, service: Service, maps: list[dict[str, Any]]
) -> None:
    page.goto(foreign.shows(f"<div id='tab' hidden>{element(service, maps[1])}</div>"))
    loaded(page, 1)
    page.evaluate("document.querySelector('#tab').hidden = false")
    here = the(page, maps[1])
    here.locator("[data-claim=c1]").wait_for()
    shown = view_box(here)
    here.get_by_role("button", name="Show the whole map").click()
    assert 200 < shown[2] < view_box(here)[2] + 1
    card, frame = here.locator("[data-claim=c1]").bounding_box(), here.bounding_box()
    assert card is not None
    assert frame is not None
    assert frame["x"] <= card["x"] <= frame["x"] + frame["width"] - 100


def test_axe_finds_nothing_on_a_page_with_three_maps(
    shown: Page, foreign: Site, maps: list[dict[str, Any]]
) -> None:
    foreign.policy = None  # axe itself is put into the page
    shown.reload()
    loaded(shown, 3)
    the(shown, maps[0]).locator("[data-claim=c1]").click()
    results = Axe().run(shown)
    assert results.violations_count == 0, results.generate_report()
    assert len(results.response["passes"]) > 10


HOSTILE = {
    "a script": ("image/svg+xml", "<script>window.hit = 1</script>"),
    "a handler": ("image/svg+xml", '<g onclick="window.hit = 1" class="claim" data-claim="c1"/>'),
    "a script link": ("image/svg+xml", '<a href="javascript:window.hit=1"><text>x</text></a>'),
    "a foreign object": ("image/svg+xml", "<foreignObject><p/></foreignObject>"),
    "an image": ("image/svg+xml", '<image href="http://127.0.0.1:9/x"/>'),
    "a fetching fill": ("image/svg+xml", '<rect fill="url(http://127.0.0.1:9/x#y)"/>'),
    "a fetching style": ("image/svg+xml", "<style>.argmap{background:url(/spy)}</style>"),
    "an escaped style": ("image/svg+xml", "<style>.argmap{background:\\75rl(/spy)}</style>"),
    "a style with attributes": ("image/svg+xml", "<style type='text/css'>a{}</style>"),
    "another type": ("text/html", "<script>window.hit = 1</script>"),
    "no type": ("application/octet-stream", ""),
    "broken XML": ("image/svg+xml", "<g>"),
}


def test_what_is_no_picture_of_argmap_is_refused_in_words(browser: Browser, foreign: Site) -> None:
    """The browser may complain that it has not run it; the words are the component's."""
    foreign.policy = (foreign.policy or "").replace("connect-src", "connect-src 'self'")
    with looking(browser, expected="Content Security Policy") as page:
        for what in HOSTILE:
            refused(page, foreign, what)


def refused(page: Page, foreign: Site, what: str) -> None:
    media_type, inside = HOSTILE[what]
    root = '<svg xmlns="http://www.w3.org/2000/svg" class="argmap" viewBox="0 0 9 9">'
    foreign.answers["/bad.svg"] = (media_type, f"{root}{inside}</svg>")
    page.goto(foreign.shows('<argument-map id="map" src="/bad.svg">In its place</argument-map>'))
    message = page.get_by_role("alert")
    message.wait_for()
    assert "is not shown" in message.inner_text(), what
    assert heard(page, "error")[0][1]["message"] in message.inner_text()
    assert page.get_by_text("In its place").is_visible()
    assert page.evaluate("window.hit") is None, what
    # Without what is wrong with it, the same is shown.
    foreign.answers["/bad.svg"] = ("image/svg+xml", f"{root}</svg>")
    page.get_by_role("button", name="Try again").click()
    loaded(page, 1)
    assert message.count() == 0


def test_a_map_that_is_not_there_is_said_so_and_can_be_asked_for_again(
    browser: Browser, foreign: Site, service: Service
) -> None:
    person = service.person()
    map = person.map()
    with looking(browser, expected="404") as page:
        sign_in(page, service, person)  # its cookie is no credential on another site's page
        page.goto(foreign.shows(element(service, map)))
        message = page.get_by_role("alert")
        message.wait_for()
        assert "not public" in message.inner_text()
        public = {"visibility": "public"}
        assert person.patch(f"/maps/{map['id']}", public).status_code == 200
        page.get_by_role("button", name="Try again").click()
        loaded(page, 1)
        assert the(page, map).locator(".claim").count() == 4


def test_a_service_that_does_not_answer_is_said_so(
    browser: Browser, foreign: Site, service: Service
) -> None:
    foreign.policy = None
    with looking(browser, expected="Failed to load resource") as page:
        page.goto(foreign.shows('<argument-map src="http://127.0.0.1:9/x.svg"></argument-map>'))
        page.get_by_role("alert").wait_for()
        assert "cannot be reached" in page.get_by_role("alert").inner_text()


def test_the_demo_page_works_on_another_site(
    browser: Browser, site: Site, service: Service, maps: list[dict[str, Any]], root: Any
) -> None:
    demo = (root / "docs" / "embed-demo.html").read_text(encoding="utf-8")
    assert demo.count("http://127.0.0.1:8000") == 2
    site.answers["/demo.html"] = (
        "text/html; charset=utf-8",
        demo.replace("http://127.0.0.1:8000", service.url),
    )
    with looking(browser, viewport={"width": 1200, "height": 900}) as page:
        page.goto(f"{site.url}/demo.html")
        for place in range(3):
            page.locator("argument-map").nth(place).locator("svg .claim").first.wait_for()
        page.locator("argument-map").nth(1).locator("[data-claim=c1]").click()
        page.get_by_text("Selected: thesis c1").wait_for()
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()


def test_what_the_documentation_says_works_as_it_stands(
    browser: Browser, site: Site, service: Service, maps: list[dict[str, Any]], root: Any
) -> None:
    page_of_docs = (root / "docs" / "embedding.md").read_text(encoding="utf-8")
    text = page_of_docs.replace("https://maps.example", service.url).replace("ID", maps[0]["id"])
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (html,) = [code for language, code in blocks if "<argument-map" in code]
    (policy,) = [code for language, code in blocks if "Content-Security-Policy" in code]
    (script,) = [code for language, code in blocks if language == "js"]
    (style,) = [code for language, code in blocks if language == "css"]
    site.policy = policy.partition(":")[2].strip()
    site.answers["/page.js"] = ("text/javascript", script)
    with looking(browser) as page:
        page.goto(site.shows(html))
        page.locator("argument-map [data-claim=c1]").click()
        page.get_by_text("thesis c1: Texts are told as they are").wait_for()
    site.policy = None
    with looking(browser) as page:
        page.goto(site.shows(html))
        here = page.locator("argument-map")
        here.locator("[data-claim=c1]").wait_for()
        page.add_style_tag(content=style)
        card = here.locator("[data-claim=c1] .card").first
        assert card.evaluate("card => getComputedStyle(card).fill") == "rgb(243, 236, 249)"
        controls = here.locator(".controls").evaluate("box => getComputedStyle(box).bottom")
        assert controls == "8px"
    for picture in re.findall(r"<(?:img|iframe) src=\"([^\"]+)\"", text):
        assert httpx.get(picture).status_code == 200
