"""Draw the pictures of the workspace anew from the running app: `python -m docs.images.workspace.draw`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from argmap.store import accounts
from tests.support.service import serving

HERE = Path(__file__).parent
TEXT = (
    "Deniz Aksoy wires houses for a living. She is sixteen, and since last summer 1,140 crowns of her wages have gone"
    " in income tax. The voting age should come down to sixteen, for every election we hold.\n\n"
    "Begin with fairness. At sixteen a person here may be employed full time, taxed to the last crown and tried in an"
    " adult court. And democracy rests on one old promise: those who must obey the laws have a say in making them."
)


def main() -> None:
    """Make a map as the page tells it, with a picture of each step."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as service,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        coach = service.person()
        page = browser.new_page(viewport={"width": 1120, "height": 640})
        with service.database.write() as session:
            token = accounts.add_sign_in(session, coach.id)
        page.goto(f"{service.url}/sign-in?token={token}")
        page.get_by_role("button", name="Sign in").first.click()
        page.wait_for_load_state()
        article = coach.article(title="Old Enough at Sixteen", authors=["Ines Calloway"], text=TEXT)
        map = coach.map(article["id"], title="Old Enough at Sixteen", claims=[], relations=[])
        page.goto(f"{service.url}/maps/{map['id']}")
        page.wait_for_selector("body[data-ready]")
        _select(page, "The voting age should come down to sixteen, for every election we hold.")
        _shot(page, "select")
        page.keyboard.press("t")
        page.keyboard.press("Enter")
        words = "At sixteen a person here may be employed full time, taxed to the last crown"
        _select(page, words)
        page.keyboard.press("p")
        page.keyboard.type(
            "At sixteen people already work, pay tax and answer to the criminal law."
        )
        _shot(page, "reason")
        page.keyboard.press("Enter")
        _select(page, "since last summer 1,140 crowns of her wages have gone in income tax")
        page.keyboard.press("e")
        page.keyboard.press("Enter")
        page.wait_for_timeout(900)
        _shot(page, "map")
        page.get_by_role("tab", name="Outline").click()
        _shot(page, "outline")
        browser.close()


def _select(page: Page, words: str) -> None:
    page.evaluate(
        """words => {
          const node = [...document.querySelectorAll(".para")].map(p => p.firstChild).find(n => n.data.includes(words));
          const range = new Range(), at = node.data.indexOf(words);
          range.setStart(node, at);
          range.setEnd(node, at + words.length);
          document.querySelector("#article").focus();
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
        words,
    )
    page.locator(".pick").wait_for()


def _shot(page: Page, name: str) -> None:
    page.wait_for_timeout(500)
    page.screenshot(path=HERE / f"{name}.png")


if __name__ == "__main__":
    main()
