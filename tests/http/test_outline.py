"""One address, many representations: picture, outline and data by Accept, each with its own tag."""

import httpx
import pytest

from api.requests.negotiation import offered
from tests.support.service import Person, problem

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
ENDINGS = {
    "application/json": "",
    "image/svg+xml": ".svg",
    "image/png": ".png",
    "application/pdf": ".pdf",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
}


@pytest.fixture(scope="module")
def map(owner: Person) -> str:
    return f"/maps/{owner.map(visibility='public')['id']}"


@pytest.mark.parametrize("media_type", ENDINGS)
def test_an_address_gives_by_accept_what_its_ending_gives(
    anonymous: httpx.Client, map: str, media_type: str
) -> None:
    for address in (map, f"{map}/versions/1"):
        answer = anonymous.get(address, headers={"Accept": media_type})
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == media_type
        assert "Accept" in answer.headers["vary"]
        ended = anonymous.get(map + ENDINGS[media_type])
        assert ended.headers["etag"] == answer.headers["etag"]
        if media_type != "application/pdf":
            assert ended.content == answer.content
        headers = {"Accept": media_type, "If-None-Match": answer.headers["etag"]}
        again = anonymous.get(address, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        for name in ("etag", "vary", "cache-control", "access-control-allow-origin"):
            assert again.headers[name] == answer.headers[name], name
        policies = [each.headers.get("content-security-policy") for each in (answer, again)]
        assert policies[0] == policies[1]


def test_every_representation_has_a_tag_of_its_own(anonymous: httpx.Client, map: str) -> None:
    tags = {anonymous.get(map, headers={"Accept": each}).headers["etag"] for each in offered()}
    assert len(tags) == len(offered())


def test_a_browser_gets_the_outline_as_a_page_that_can_run_nothing(
    anonymous: httpx.Client, map: str
) -> None:
    answer = anonymous.get(map, headers={"Accept": BROWSER})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_what_there_is_not_is_refused_with_what_there_is(anonymous: httpx.Client, map: str) -> None:
    for address in (map, f"{map}/versions/1"):
        refused = anonymous.get(address, headers={"Accept": "audio/*, text/html;q=0"})
        detail = problem(refused, 406, "not-acceptable")["detail"]
        assert all(media_type in detail for media_type in ENDINGS)
        assert refused.headers["vary"] == "Accept"


@pytest.mark.parametrize("ending", [".svg", ".html", ".md", ".txt", ".json", ".dot"])
def test_a_part_of_a_map_is_the_same_part_in_every_form(
    anonymous: httpx.Client, map: str, ending: str
) -> None:
    whole = anonymous.get(map + ending)
    assert "Not in the evening" in whole.text
    for query in ("hide=rebuttal", "focus=c1&depth=1"):
        part = anonymous.get(f"{map}{ending}?{query}")
        assert part.status_code == 200
        assert part.headers["etag"] != whole.headers["etag"]
        assert "Not in the evening" not in part.text
        assert "The library is quiet." in part.text
    refused = anonymous.get(f"{map}{ending}?focus=c99")
    assert problem(refused, 400, "bad-parameter")["errors"][0]["place"] == "focus"
    problem(anonymous.get(f"{map}{ending}?depth=0"), 400, "bad-parameter")
    problem(anonymous.get(f"{map}{ending}?hide=opinion"), 400, "bad-parameter")
