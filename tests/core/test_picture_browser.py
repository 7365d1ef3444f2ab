"""What a browser makes of the picture, on a machine that has no Inter."""

import shutil
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from argmap import picture
from argmap.model import ArgumentMap, Claim, ClaimKind, Source
from argmap.picture import Options
from tests.strategies import HOSTILE

pytestmark = pytest.mark.xdist_group("browser")

NAUGHTY = (
    *HOSTILE,
    "Plain words that need several lines on a card of ordinary width, as most claims do.",
    "這是一個沒有空格的很長的句子用來測試換行是否正確以及文字是否會超出卡片的範圍" * 2,
    "これは日本語の文章です。カードの幅を超えないことを確認します。",
    "هذه جملة طويلة باللغة العربية لاختبار ما إذا كان النص يبقى داخل البطاقة من اليمين إلى اليسار",
    "זהו משפט ארוך בעברית שבודק אם הטקסט נשאר בתוך הכרטיס מימין לשמאל",
    "यह हिंदी में एक लंबा वाक्य है जो जाँचता है कि पाठ कार्ड के अंदर रहता है",
    "ประโยคภาษาไทยยาวที่ไม่มีช่องว่างเพื่อทดสอบว่าข้อความอยู่ภายในการ์ดหรือไม่",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "👩‍👩‍👧‍👦 👋🏽 🏳️‍🌈 🇲🇽 emoji between words, and at the end of a line 👩‍👩‍👧‍👦",
    "W" * 400,
    "i" * 400,
    "\u202eright to left override\u202c and \u2066isolates\u2069 and \u200b zero width \ufeff spaces",
    "mixed שלום and سلام and 漢字 in one sentence, with numbers 1,234 and (brackets)",
)

# For every card: how far its text stands out of it, in points.
OUTSIDE = """
() => [...document.querySelectorAll('.claim')].map(group => {
    const card = group.querySelector('.card').getBBox();
    let out = -100;
    for (const text of group.querySelectorAll('text')) {
        const box = text.getBBox();
        if (box.width === 0) continue;
        out = Math.max(out, card.x - box.x, box.x + box.width - card.x - card.width,
                       card.y - box.y, box.y + box.height - card.y - card.height);
    }
    return [group.dataset.claim, out];
})
"""


@pytest.fixture(scope="module")
def page(chromium: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--headless"]
        )
        yield browser.new_page()
        browser.close()


def every_kind() -> ArgumentMap:
    claims = [
        Claim(
            id=f"{kind}{number}",
            kind=kind,
            text=words,
            label=words.replace("\n", " ").replace("\t", " ")[:120],
            speaker=words.replace("\n", " ").replace("\t", " ")[:200],
            source=Source(title=words.replace("\n", " ").replace("\t", " ")[:300]),
            implicit=number % 2 == 0,
        )
        for kind in ClaimKind
        for number, words in enumerate(NAUGHTY)
    ]
    return ArgumentMap(claims=tuple(claims), title="Naughty text")


def test_no_text_leaves_its_card_though_inter_is_not_installed(page):
    if shutil.which("fc-match"):
        found = subprocess.run(["fc-match", "Inter"], capture_output=True, text=True, check=True)
        assert "Inter" not in found.stdout, "this test is about machines without Inter"
    page.set_content(picture.draw(every_kind()))
    outside = page.evaluate(OUTSIDE)
    assert len(outside) == len(NAUGHTY) * len(ClaimKind)
    assert [name for name, out in outside if out > 0.5] == []
    assert max(out for _, out in outside) > -12, "the text was really measured"


def test_the_stand_in_for_inter_is_as_wide_as_inter(page):
    """Then fitting moves letters by so little that nobody sees it."""
    map = ArgumentMap(
        claims=tuple(
            Claim(id=f"c{n}", kind="premise", text=NAUGHTY[len(HOSTILE)]) for n in range(1)
        )
    )
    page.set_content(picture.draw(map))
    ratios = page.evaluate(
        """() => [...document.querySelectorAll('.text')].map(text => {
            const fitted = Number(text.getAttribute('textLength'));
            text.removeAttribute('textLength');
            return text.getComputedTextLength() / fitted;
        })"""
    )
    assert len(ratios) >= 2
    assert all(0.93 < ratio < 1.07 for ratio in ratios), ratios


def test_no_script_runs_whatever_a_claim_says(page):
    claims = tuple(
        Claim(id=f"c{n}", kind="evidence", text=words, source=Source(url="https://x/" + "\"'><b"))
        for n, words in enumerate(
            (
                "<script>window.hit=1</script>",
                "</text></svg><img src=x onerror=window.hit=1>",
                "]]></style><script>window.hit=1</script>",
            )
        )
    )
    svg = picture.draw(ArgumentMap(claims=claims, title="<img src=x onerror=window.hit=1>"))
    page.set_content(svg)
    page.wait_for_timeout(50)
    assert page.evaluate("window.hit") is None
    page.set_content("<svg><script>window.hit=1</script></svg>")
    assert page.evaluate("window.hit") == 1, "the test can notice a script"


def test_two_maps_on_a_page_do_not_share_ids_and_leave_the_page_alone(page):
    map = every_kind().replace(claims=every_kind().claims[:3])
    svgs = [picture.draw(map, Options(id_prefix=prefix)) for prefix in ("a-", "b-")]
    page.set_content(f"<p class='text'>page</p>{''.join(svgs)}")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids)) == 10
    assert page.evaluate("getComputedStyle(document.querySelector('p')).fontSize") == "16px"
