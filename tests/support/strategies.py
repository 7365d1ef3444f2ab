"""Hypothesis strategies for the model: whole maps with every field, tangled relations and hostile text.

Each is made once: Hypothesis takes longer to make and check a strategy than to draw from it.
"""

import datetime
from functools import cache
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from argmap.model import (
    ArgumentMap,
    Article,
    Claim,
    ClaimKind,
    Origin,
    Quote,
    QuoteState,
    Relation,
    RelationKind,
    Scheme,
    Source,
)

QUICK = 50  # examples, unless a test asks for fewer


def examples(few: int) -> settings:
    """Settings of a slow test, which looks at few examples, unless the profile looks for longer than usual."""
    usual = settings.get_profile(settings.get_current_profile_name()).max_examples
    return settings(max_examples=few if usual <= QUICK else usual)


HOSTILE = (
    "<b>bold</b> & <script>alert(1)</script>",
    "ends with a backslash\\",
    "\"quoted\" and 'quoted'",
    "<looks like html>",
    "[Title]: text {a: b} #tag",
    "- not a list\n+ neither",
    "(1) first",
    "=cmd()|A1",
    "two\n\nparagraphs",
    "T1\tClaim 0 3\tabc",
    "]]> <!-- comment --> /* c */ // d",
    "&lt; &#65; \\N \\G %s {{x}}",
    "Ωμέγα 漢字 عربى 🏳️‍🌈 e\u0301 \u202eabc",
    "# heading",
    "--",
    "===",
    "1.1. Pro: text",
    " leading and trailing ",
    "**bold** _it_ `code` ~~no~~ | cell |",
    "@[Mention] @<Mention> http://example.org/?a=b&c=d",
    "In 2020, 34,500 people were killed.",
)
_letters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
_plain = st.text(
    st.sampled_from("abcdefgh ABC 019 .,;:!?'\"-()[]<>{}#@+_*\\/&%$=|`~\n\t"),
    min_size=1,
    max_size=40,
)


@cache
def texts(limit: int = 12) -> st.SearchStrategy[str]:
    """Text that the model accepts for a claim: plain, from all of Unicode, or known to break other formats."""
    return st.one_of(
        _plain, st.text(_letters, min_size=1, max_size=limit), st.sampled_from(HOSTILE)
    ).filter(lambda text: not text.isspace())


@cache
def lines(limit: int = 12) -> st.SearchStrategy[str]:
    """Text on one line, with neither line breaks nor tabs."""
    return (
        texts(limit)
        .map(lambda text: text.replace("\n", " ").replace("\t", " ")[:60])
        .filter(lambda text: not text.isspace())
    )


@cache
def weights() -> st.SearchStrategy[float]:
    """Weights from 0 to 1 as people write them."""
    return st.integers(0, 100).map(lambda number: number / 100)


@cache
def sources() -> st.SearchStrategy[Source]:
    """Citations with at least one part."""
    part = st.none() | lines()
    url = st.none() | st.sampled_from(["https://example.org/a?b=c&d=(e)", "http://example.org/"])
    return (
        st.tuples(part, part, part, part, url)
        .filter(any)
        .map(
            lambda parts: Source(
                author=parts[0], title=parts[1], publication=parts[2], date=parts[3], url=parts[4]
            )
        )
    )


@cache
def schemes() -> st.SearchStrategy[Scheme]:
    """Schemes by key, by name, or both."""
    key = st.sampled_from(["expert_opinion", "example", "analogy"])
    return st.one_of(
        st.builds(Scheme, key=key),
        st.builds(Scheme, name=lines()),
        st.builds(Scheme, key=key, name=lines()),
    )


@cache
def origins() -> st.SearchStrategy[Origin]:
    """Origins in other formats, with ids that are readable there or not, and free or not."""
    formats = st.sampled_from(["elsewhere", "aif", "arggraph", "argdown", "tgf", "apx", "graphml"])
    return st.builds(
        Origin,
        format=formats,
        id=st.sampled_from(["1_23", "c1", "r2", "T1", "a b", 'é"']),
        extra=st.just({"x": 1}),
    )


_LINE = st.none() | lines()
_URL = st.none() | st.just("https://example.org/op-ed")
_PUBLISHED = st.none() | st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1))
_LANGUAGE = st.none() | st.sampled_from(["en", "de", "pt-BR"])
_AUTHORS = st.lists(lines(), max_size=2)
_TEXT = st.lists(texts(), min_size=1, max_size=6).map("\n\n".join)
_RIGHTS = st.none() | texts()


@st.composite
def articles(draw: st.DrawFn, with_text: bool | None = None) -> Article:
    """Articles; `with_text` decides whether their text is stored, None leaves it open."""
    stored = draw(st.booleans()) if with_text is None else with_text
    return Article(
        title=draw(lines()),
        authors=tuple(draw(_AUTHORS)),
        publication=draw(_LINE),
        url=draw(_URL),
        published=draw(_PUBLISHED),
        language=draw(_LANGUAGE),
        text=draw(_TEXT) if stored else None,
        rights=draw(_RIGHTS),
    )


_LOST = st.sampled_from([QuoteState.UNANCHORED, QuoteState.ORPHAN])


@st.composite
def quotes(draw: st.DrawFn, text: str | None) -> Quote:
    """Quotes of an article's text, or unanchored ones where it has none."""
    if text is None or draw(st.integers(0, 9)) == 0:
        return Quote(exact=draw(texts()), state=draw(_LOST))
    filled = [index for index, letter in enumerate(text) if not letter.isspace()]
    start = draw(st.sampled_from(filled))
    end = draw(st.integers(start + 1, min(len(text), start + 80)))
    return Quote(
        exact=text[start:end],
        prefix=text[max(0, start - 32) : start],
        suffix=text[end : end + 32],
        start=start,
        end=end,
        state=QuoteState.ANCHORED,
    )


_CLAIM_KIND = st.sampled_from(ClaimKind)
_CLAIM_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "label": lines(),
    "implicit": st.booleans(),
    "speaker": lines(),
    "source": sources(),
    "weight": weights(),
    "tags": st.lists(lines(), min_size=1, max_size=2, unique=True).map(tuple),
    "note": texts(),
    "origin": origins(),
}


@st.composite
def claims(draw: st.DrawFn, id: str = "c1", text: str | None = None, rich: bool = True) -> Claim:
    """A claim of that id; a rich one may have every field, with quotes of `text`."""
    base: dict[str, Any] = {
        "id": id,
        "kind": draw(_CLAIM_KIND),
        "text": draw(texts()),
    }
    if not rich:
        return Claim(**base)
    quoted = st.lists(quotes(text), min_size=1, max_size=2).map(tuple)
    return Claim(**base, **_some(draw, {**_CLAIM_FIELDS, "quotes": quoted}))


_RELATION_KIND = st.sampled_from(RelationKind)
_RELATION_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "scheme": schemes(),
    "label": lines(),
    "implicit": st.booleans(),
    "weight": weights(),
    "note": texts(),
}


@st.composite
def relations(
    draw: st.DrawFn, id: str, claim_ids: list[str], relation_ids: list[str], rich: bool = True
) -> Relation:
    """A relation of that id among the claims, or to one of the relations given."""
    kind = draw(_RELATION_KIND)
    targets = claim_ids if kind is RelationKind.RESTATES else claim_ids + relation_ids
    target = draw(st.sampled_from(targets))
    attacks = kind is RelationKind.ATTACKS  # a claim may attack itself
    possible = [claim for claim in claim_ids if claim != target or attacks]
    members = draw(st.lists(st.sampled_from(possible), min_size=1, max_size=3, unique=True))
    base: dict[str, Any] = {"id": id, "kind": kind, "sources": tuple(members), "target": target}
    if not rich:
        return Relation(**base)
    return Relation(**base, **_some(draw, _RELATION_FIELDS))


def _some(draw: st.DrawFn, fields: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    """Draw a few of the fields only: most values of a model are left out most of the time."""
    chosen = draw(st.integers(0, 2 ** len(fields) - 1))
    return {
        name: draw(field)
        for place, (name, field) in enumerate(fields.items())
        if chosen >> place & 1
    }


_ARTICLE = st.none() | articles()
_TITLE = st.just("") | lines()
_MAP_LANGUAGE = st.none() | st.sampled_from(["en", "fr"])
_ID = st.from_regex(r"\A[A-Za-bd-qs-z][A-Za-z0-9_-]{0,11}\Z")


@st.composite
def maps(
    draw: st.DrawFn,
    min_claims: int = 0,
    max_claims: int = 6,
    max_relations: int = 7,
    rich: bool = True,
) -> ArgumentMap:
    """Valid maps: linked sources, undercuts of undercuts, circles through claims, loose claims, hostile text.

    A rich map has every optional field now and then; one that is not rich has claims and relations only.
    """
    article = draw(_ARTICLE) if rich else None
    count = draw(st.integers(min_claims, max_claims))
    claim_ids = [f"c{number}" for number in range(1, count + 1)]
    if count and rich and draw(st.booleans()):
        claim_ids[-1] = draw(_ID)
    text = article.text if article is not None else None
    found = [draw(claims(id, text, rich)) for id in claim_ids]
    steps: list[Relation] = []
    for number in range(1, draw(st.integers(0, max_relations if count > 1 else 0)) + 1):
        earlier = [step.id for step in steps]
        steps.append(draw(relations(f"r{number}", claim_ids, earlier, rich)))
    return ArgumentMap(
        title=draw(_TITLE) if rich else "",
        language=draw(_MAP_LANGUAGE) if rich else None,
        claims=tuple(found),
        relations=tuple(draw(st.permutations(steps))),
        article=article,
    )
