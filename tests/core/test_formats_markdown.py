"""The Markdown outline: every claim once, whatever the map's shape, and no text that becomes markup."""

import pytest
from hypothesis import given

from argmap import formats
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind
from tests.support.strategies import examples, maps

markdown_it = pytest.importorskip("markdown_it")


@given(maps())
@examples(20)
def test_a_markdown_reader_finds_each_claim_written_out_once(map: ArgumentMap) -> None:
    text = formats.dump(map, "markdown").data.decode()
    assert text == formats.dump(map, "markdown").data.decode()
    tokens = markdown_it.MarkdownIt("commonmark").parse(text)
    items = [token for token in tokens if token.type == "inline" and token.level > 1]
    for claim in map.claims:
        head = f"{claim.kind.value.capitalize()} {claim.id}"
        body = "".join(claim.text.split())
        written = ["".join(shown(item).split()) for item in items if head in shown(item)]
        assert sum(line.endswith(":" + body) for line in written) >= 1
    assert not any(token.type in ("html_block", "code_block", "fence") for token in tokens)
    for item in items:
        assert {child.type for child in item.children} <= {
            "text", "em_open", "em_close", "strong_open", "strong_close", "text_special"
        }  # fmt: skip


def shown(token: object) -> str:
    return "".join(child.content for child in token.children)  # type: ignore[attr-defined]


def test_a_chain_of_thousands_of_reasons_stays_linear_in_size() -> None:
    sizes = []
    for count in (1_000, 4_000):
        claims = tuple(
            Claim(id=f"c{n}", kind=ClaimKind.PREMISE, text="because") for n in range(count)
        )
        steps = tuple(
            Relation(id=f"r{n}", kind=RelationKind.SUPPORTS, sources=(f"c{n + 1}",), target=f"c{n}")
            for n in range(count - 1)
        )
        data = formats.dump(ArgumentMap(claims=claims, relations=steps), "markdown").data.decode()
        assert data.count(": because") == count
        sizes.append(len(data))
    assert sizes[1] < sizes[0] * 4.5


def test_an_outline_names_linked_reasons_undercuts_and_the_scheme() -> None:
    kinds = (ClaimKind.THESIS, ClaimKind.PREMISE, ClaimKind.PREMISE, ClaimKind.REBUTTAL)
    map = ArgumentMap(
        title="On *stars*",
        claims=tuple(
            Claim(id=f"c{n}", kind=kind, text=f"text {n}") for n, kind in enumerate(kinds, start=1)
        ),
        relations=(
            Relation(
                id="r1", kind=RelationKind.SUPPORTS, sources=("c2", "c3"), target="c1",
                scheme={"name": "Example"},
            ),
            Relation(id="r2", kind=RelationKind.ATTACKS, sources=("c4",), target="r1"),
        ),
    )  # fmt: skip
    assert formats.dump(map, "markdown").data.decode() == (
        "# On \\*stars\\*\n"
        "\n"
        "- **Thesis** c1: text 1\n"
        "  - *supported by* (Example) r1, together:\n"
        "    - **Premise** c2: text 2\n"
        "    - **Premise** c3: text 3\n"
        "    - *this step (r1) is attacked by* **Rebuttal** c4: text 4\n"
    )
