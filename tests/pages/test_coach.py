"""A coach maps the example op-ed through the page alone: what it takes in clicks and keys, and how soon it shows."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.pages import looking, sign_in
from tests.support.service import Service

pytestmark = pytest.mark.xdist_group("workspace")

PLACES = """quote => {
  const find = at => {
    for (const para of document.querySelectorAll(".para")) {
      const from = +para.dataset.start, letters = [...para.firstChild.data];
      if (at < from || at > from + letters.length) continue;
      return [para.firstChild, letters.slice(0, at - from).join("").length];
    }
  };
  const range = new Range();
  range.setStart(...find(quote.start));
  range.setEnd(...find(quote.end));
  const pane = document.querySelector("#article");
  pane.scrollBy({top: range.getBoundingClientRect().top - 300, behavior: "instant"});
  const boxes = [...range.getClientRects()], first = boxes[0], last = boxes.at(-1);
  return [first.left + 0.5, first.top + first.height / 2, last.right - 0.5, last.top + last.height / 2];
}"""


class Hand:
    """Counts what a hand does; text aside."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.done = 0

    def press(self, key: str) -> None:
        self.done += 1
        self.page.keyboard.press(key)

    def select(self, quote: dict[str, Any]) -> None:
        self.done += 1
        x1, y1, x2, y2 = self.page.evaluate(PLACES, quote)
        self.page.mouse.move(x1, y1)
        self.page.mouse.down()
        self.page.mouse.move(x2, y2, steps=2)
        self.page.mouse.up()

    def look_at(self, id: str) -> None:
        """Choose a claim by a click, unless it is chosen."""
        if self.page.evaluate("location.hash") == f"#{id}":
            return
        self.done += 1
        card = self.page.locator(f"[data-claim={id}]")
        card.evaluate("e => e.scrollIntoView({block: 'center', inline: 'center'})")
        card.click(position={"x": 20, "y": 12})


def test_the_example_is_mapped_with_four_clicks_and_keys_for_a_claim_and_its_relation(
    browser: Browser, service: Service, root: Path
) -> None:
    example = json.loads((root / "examples" / "old-enough-at-sixteen.json").read_text("utf-8"))
    coach = service.person()
    article = coach.article(title="Old Enough at Sixteen", text=example["article"]["text"])
    map = coach.map(article["id"], title="By hand", claims=[], relations=[])
    claims = {claim["id"]: claim for claim in example["claims"]}
    ids: dict[str, str] = {}
    with looking(browser, viewport={"width": 1280, "height": 800}) as page:
        sign_in(page, service, coach)
        page.goto(f"{service.url}/maps/{map['id']}")
        page.wait_for_selector("body[data-ready]")
        hand = Hand(page)

        def make(id: str, way: str = "") -> None:
            claim = claims[id]
            if claim.get("quotes"):
                hand.select(claim["quotes"][0])
                shift = "Shift+" if way in ("together", "undercuts") else ""
                hand.press(shift + claim["kind"][0].upper() if shift else claim["kind"][0])
            else:
                page.locator(".claim[tabindex='0']").focus()
                hand.press("n")
                for _ in range({"together": 2}.get(way, 0)):
                    hand.press("Tab")
            for _ in range({"attacks": claim["kind"] != "rebuttal", "restates": 4}.get(way, 0)):
                hand.press("Tab")
            area = page.get_by_role("textbox", name="Claim in your words")
            area.fill(claim["text"])
            hand.press("Enter")
            expect(page.locator("#save")).not_to_have_text("Saving")
            ids[id] = f"c{len(ids) + 1}"
            page.locator(f"[data-claim={ids[id]}]").wait_for()

        for claim in example["claims"]:
            if claim["kind"] == "thesis":
                make(claim["id"])
        todo = list(example["relations"])
        steps: dict[str, tuple[str, str]] = {}
        while todo:
            near = page.evaluate("location.hash").removeprefix("#")  # what one is at goes on first
            ready = [r for r in todo if r["target"] in ids or r["target"] in steps]
            relation = min(
                ready, key=lambda r: ids.get(steps.get(r["target"], (r["target"],))[0]) != near
            )
            todo.remove(relation)
            undercut = relation["target"] in steps
            target = steps[relation["target"]][0] if undercut else relation["target"]
            first = True
            for source in relation["sources"]:
                if source in ids:
                    hand.look_at(ids[source])
                    page.locator(f"[data-claim={ids[source]}]").focus()
                    hand.press("l")
                    page.keyboard.type(claims[target]["text"][:14])
                    if relation["kind"] == "attacks" and claims[source]["kind"] != "rebuttal":
                        hand.press("Tab")
                    hand.press("Enter")
                    first = False
                    continue
                if first:
                    hand.look_at(ids[target])
                    make(source, "undercuts" if undercut else relation["kind"])
                    first = False
                else:
                    hand.look_at(ids[relation["sources"][0]])
                    make(source, "together")
                steps[relation["id"]] = (relation["sources"][0], relation["target"])
        expect(page.locator("#save")).to_contain_text("Saved")
        made = coach.client.get(f"/maps/{map['id']}").json()
        assert len(made["claims"]) == len(ids)
        assert len(ids) >= len(claims) - 1
        assert hand.done / len(ids) <= 4, "clicks and keys for a claim"
