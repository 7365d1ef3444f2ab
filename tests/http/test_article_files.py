"""Articles sent in as files: looked at before they are stored, or stored as they are read."""

import io
import json

from docx import Document

from tests.support.service import Person, Service, created, problem

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE = (
    '<!DOCTYPE html><html lang="en"><head><title>Keep the ferry</title></head><body><nav><a href="/">Home</a></nav>'
    "<article><h1>Keep the ferry</h1><p>By Nora Ahn</p><p>The ferry should be kept <script>alert(1)</script>🙂.</p>"
    "<div>Advertisement</div><p>It is quick.</p></article></body></html>"
)


def word() -> bytes:
    document = Document()
    document.add_heading("Keep the ferry", 0)
    document.add_paragraph("The ferry should be kept.")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def sent(person: Person, address: str, data: bytes, kind: str, **headers: str):  # type: ignore[no-untyped-def]
    return person.client.post(address, content=data, headers={"Content-Type": kind, **headers})


def test_a_preview_has_every_text_and_stores_nothing(owner: Person) -> None:
    before = owner.client.get("/articles").json()["items"]
    answer = sent(owner, "/articles/preview", PAGE.encode(), "text/html")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["title"], body["authors"], body["language"]) == (
        "Keep the ferry",
        ["Nora Ahn"],
        "en",
    )
    shown = [(each["text"], each["keep"], each["why"]) for each in body["paragraphs"]]
    assert shown == [
        ("Home", False, "navigation"),
        ("Keep the ferry", False, "title"),
        ("By Nora Ahn", False, "byline"),
        ("The ferry should be kept 🙂.", True, None),
        ("Advertisement", False, "advertisement"),
        ("It is quick.", True, None),
    ]
    assert body["left_out"] == 4
    assert owner.client.get("/articles").json()["items"] == before


def test_a_form_and_a_word_file_can_be_looked_at(owner: Person) -> None:
    files = {"file": ("ferry.docx", word(), WORD)}
    body = owner.client.post("/articles/preview", files=files).json()
    assert (body["format"], body["title"]) == ("docx", "Keep the ferry")


def test_files_are_stored_as_they_are_read(owner: Person) -> None:
    page = created(
        sent(owner, "/articles?visibility=public", PAGE.encode(), "text/html; charset=utf-8")
    )
    assert page["text"] == "The ferry should be kept 🙂.\n\nIt is quick."
    assert (page["title"], page["authors"], page["visibility"]) == (
        "Keep the ferry",
        ["Nora Ahn"],
        "public",
    )
    assert created(sent(owner, "/articles", word(), WORD))["text"] == "The ferry should be kept."
    assert (
        created(sent(owner, "/articles", b"Only one line.", "text/plain"))["text"]
        == "Only one line."
    )
    assert (
        created(owner.client.post("/articles", json={"title": "As before"}))["title"] == "As before"
    )


def test_a_file_sent_again_with_its_key_is_stored_once(owner: Person) -> None:
    key = {"Idempotency-Key": "ferry"}
    first = created(sent(owner, "/articles", PAGE.encode(), "text/html", **key))
    again = sent(owner, "/articles", PAGE.encode(), "text/html", **key)
    assert again.json() == first
    assert again.headers["idempotency-replayed"] == "true"


def test_what_cannot_be_read_is_refused_with_a_sentence_that_helps(owner: Person) -> None:
    body = problem(
        sent(owner, "/articles/preview", b"%PDF-1.7", "application/pdf"),
        415,
        "unsupported-media-type",
    )
    assert "copy the text" in body["detail"]
    problem(sent(owner, "/articles", b"PK\x03\x04broken", WORD), 422, "invalid")
    problem(sent(owner, "/articles", b"", "text/html"), 400, "bad-request")
    problem(sent(owner, "/articles/preview", b"x" * (9 << 20), "text/plain"), 413, "too-large")
    problem(sent(owner, "/articles", b"<map/>", "application/xml"), 415, "unsupported-media-type")


def test_only_people_with_an_account_have_files_read(service: Service) -> None:
    answer = service.client().post(
        "/articles/preview", content=PAGE, headers={"Content-Type": "text/html"}
    )
    problem(answer, 401, "unauthenticated")


def test_facts_that_no_article_can_have_are_left_out(owner: Person) -> None:
    page = (
        '<html lang="en"><head><link rel="canonical" href="javascript:x"><title>T</title></head>'
        "<p>Some text here.</p></html>"
    )
    made = created(sent(owner, "/articles", page.encode(), "text/html"))
    assert "javascript" not in json.dumps(made)
