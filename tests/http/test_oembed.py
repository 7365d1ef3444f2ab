"""oEmbed 1.0: what other sites are told of a public map, and how they find out where to ask."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.service import Person, Service, problem, serving


@pytest.fixture(scope="module")
def public(owner: Person) -> dict[str, Any]:
    return owner.map(visibility="public", title='"Quotes" & <marks>')


def asked(service: Service, url: str, **more: Any) -> httpx.Response:
    return httpx.get(f"{service.url}/oembed", params={"url": url, **more})


def first(html: str, tag: str) -> dict[str, str | None]:
    """Return the attributes of the first element of that name."""
    found: list[dict[str, str | None]] = []

    class Parser(HTMLParser):
        def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
            if name == tag:
                found.append(dict(attributes))

    Parser().feed(html)
    return found[0]


def test_a_public_map_is_embedded_as_a_frame_of_its_own_page(
    service: Service, public: dict[str, Any]
) -> None:
    page = f"{service.url}/maps/{public['id']}"
    answer = asked(service, page, format="json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    embed = answer.json()
    assert (embed["version"], embed["type"]) == ("1.0", "rich")
    assert embed["title"] == '"Quotes" & <marks>'
    frame = first(embed["html"], "iframe")
    assert frame["src"] == f"{page}/embed"
    assert frame["title"] == 'Argument map: "Quotes" & <marks>'
    assert (frame["width"], frame["height"]) == (str(embed["width"]), str(embed["height"]))
    assert httpx.get(frame["src"] or "").status_code == 200
    same = httpx.get(answer.url, headers={"If-None-Match": answer.headers["etag"]})
    assert same.status_code == 304


@pytest.mark.parametrize(
    "most", [{"maxwidth": 300}, {"maxheight": 150}, {"maxwidth": 90, "maxheight": 90}]
)
def test_it_is_no_larger_than_asked_for(
    most: dict[str, int], service: Service, public: dict[str, Any]
) -> None:
    embed = asked(service, f"{service.url}/maps/{public['id']}", **most).json()
    for name in ("width", "height"):
        for part in ("", "thumbnail_"):
            assert 0 < embed[part + name] <= most.get(f"max{name}", 800)


def test_options_in_the_address_hold_for_the_embedded_map(
    service: Service, public: dict[str, Any]
) -> None:
    page = f"{service.url}/maps/{public['id']}"
    embed = asked(service, f"{page}?theme=dark&layout=layered&utm_source=mail").json()
    assert (first(embed["html"], "iframe")["src"] or "").endswith(
        "/embed?layout=layered&theme=dark"
    )
    assert "theme=dark" in embed["thumbnail_url"]
    problem(asked(service, f"{page}?theme=plaid"), 404, "not-found")


def test_the_page_of_a_public_map_says_where_to_ask_and_that_of_another_does_not(
    service: Service, owner: Person, public: dict[str, Any]
) -> None:
    page = httpx.get(f"{service.url}/maps/{public['id']}")
    links = re.findall(
        r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', page.text
    )
    (address,) = (link.replace("&amp;", "&") for link in links)
    assert page.headers["link"] == f'<{address}>; rel="alternate"; type="application/json+oembed"'
    assert httpx.get(address).json()["title"] == public["title"]
    private = owner.map()["id"]
    headers = {"Authorization": f"Bearer {owner.token}"}
    seen = httpx.get(f"{service.url}/maps/{private}", headers=headers)
    assert seen.status_code == 200
    assert "link" not in seen.headers
    assert "oembed" not in seen.text


def test_what_is_not_public_looks_like_what_is_not_there_even_to_its_owner(
    service: Service, owner: Person
) -> None:
    private = owner.map()["id"]
    headers = {"Authorization": f"Bearer {owner.token}"}
    bodies = set()
    for id in (private, "AAAAAAAAAAAAAAAA"):
        for sent in ({}, headers):
            url = f"{service.url}/maps/{id}"
            answer = httpx.get(f"{service.url}/oembed", params={"url": url}, headers=sent)
            problem(answer, 404, "not-found")
            bodies.add(answer.content)
    assert len(bodies) == 1


def test_an_address_with_a_share_token_is_refused_whether_it_works_or_not(
    service: Service, owner: Person
) -> None:
    map = owner.map(visibility="unlisted")["id"]
    share = owner.client.post(f"/maps/{map}/shares", json={}).json()["token"]
    bodies = {
        asked(service, f"{service.url}/maps/{id}?share={token}").content
        for id in (map, "AAAAAAAAAAAAAAAA")
        for token in (share, "wrong")
    }
    assert len(bodies) == 1
    answer = asked(service, f"{service.url}/maps/{map}?share={share}")
    problem(answer, 401, "not-public")
    assert share not in answer.text


def test_xml_is_not_offered(service: Service, public: dict[str, Any]) -> None:
    for format in ("xml", "yaml", ""):
        answer = asked(service, f"{service.url}/maps/{public['id']}", format=format)
        problem(answer, 501, "not-implemented")


@pytest.mark.parametrize(
    "url",
    [
        "https://else.example/maps/{id}",
        "{service}.else.example/maps/{id}",
        "javascript://{host}/maps/{id}",
        "ftp://{host}/maps/{id}",
        "{service}/api/v1/maps/{id}",
        "{service}/maps/{id}/files",
        "{service}/maps/../maps/{id}",
        "{service}/",
        "/maps/{id}",
        "http://[/maps/{id}",
        "\ud7ff",
        "",
    ],
)
def test_an_address_that_is_none_of_a_map_here_is_not_found(
    url: str, service: Service, public: dict[str, Any]
) -> None:
    host = urlsplit(service.url).netloc
    problem(
        asked(service, url.format(service=service.url, host=host, id=public["id"])),
        404,
        "not-found",
    )


def test_what_is_no_question_is_invalid_and_what_consumers_add_is_passed_over(
    service: Service, public: dict[str, Any]
) -> None:
    page = f"{service.url}/maps/{public['id']}"
    assert asked(service, page, dnt=1, omit_script="true").status_code == 200
    assert asked(service, page.replace("http://", "https://")).status_code == 200
    problem(httpx.get(f"{service.url}/oembed"), 400, "bad-parameter")
    for name, value in (("maxwidth", "0"), ("maxheight", "-1"), ("maxwidth", "wide")):
        problem(asked(service, page, **{name: value}), 400, "bad-parameter")


def test_behind_a_proxy_addresses_are_those_of_the_public_url(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("proxied")
    with serving(folder, public_url="https://maps.example/argmap") as service:
        map = service.person().map(visibility="public")
        page = f"https://maps.example/argmap/maps/{map['id']}"
        embed = asked(service, page).json()
        assert first(embed["html"], "iframe")["src"] == f"{page}/embed"
        assert embed["thumbnail_url"].startswith("https://maps.example/argmap/api/v1/maps/")
        problem(asked(service, f"https://maps.example/maps/{map['id']}"), 404, "not-found")
