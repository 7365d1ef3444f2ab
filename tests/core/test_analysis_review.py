"""Every rule of the review on a map that has what it looks for and on one that has not."""

import itertools
import json
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from argmap.analysis.review import RULES, Severity, lines, review, sarif
from argmap.analysis.review.wording import ALIKE, near_duplicates
from argmap.analysis.shape import Shape
from argmap.errors import NotFound
from argmap.model import ArgumentMap, Claim, Quote, Relation, Source

KINDS = {"t": "thesis", "p": "premise", "e": "evidence", "b": "rebuttal"}
ARROWS = {">": "supports", "x": "attacks", "=": "restates"}


def a_map(names: str, links: str = "", **fields: dict[str, object]) -> ArgumentMap:
    """Claims by name, the first letter says the kind; "p1 p2 > t, b x r1" are relations r1, r2; fields by claim."""
    claims = []
    for name in names.split():
        words = {"text": f"Claim {name}.", **fields.get(name, {})}
        if name[0] == "e" and name not in fields:
            words["source"] = Source(title="A report")
        claims.append(Claim(id=name, kind=KINDS[name[0]], **words))
    relations = []
    for number, link in enumerate(filter(None, links.split(", ")), 1):
        *sources, arrow, target = link.split()
        relations.append(
            Relation(id=f"r{number}", kind=ARROWS[arrow], sources=sources, target=target)
        )
    return ArgumentMap(claims=claims, relations=relations)


WITH_AND_WITHOUT = {
    "no-thesis": ((a_map("p e", "e > p"), ((),)), a_map("t p", "p > t")),
    "unsupported-thesis": ((a_map("t b", "b x t"), (("t",),)), a_map("t t2 p", "p > t, t2 = t")),
    "loose-claim": ((a_map("t p p2", "p > t"), (("p2",),)), a_map("t p p2", "p > t, p2 > r1")),
    "circular-reasoning": (
        (a_map("t p p2 p3", "p > t, p2 > p, p > p2, p3 > p2, p2 > p3"), (("p", "p2"), ("p2", "p3"))),
        a_map("t p p2", "p > t, p2 > t, p > p2, p x p2"),
    ),
    "supports-and-attacks": ((a_map("t p", "p > t, p x t"), (("p", "t"),)), a_map("t p p2", "p > t, p2 x t")),
    "self-attack": ((a_map("t p", "p > t, t x t"), (("t",),)), a_map("t p b", "p > t, b x t")),
    "idle-rebuttal": ((a_map("t b", "b > t"), (("b",),)), a_map("t b b2 p", "b x t, b2 > b, p > t")),
    "unanswered-attack": ((a_map("t p b", "p > t, b x p"), (("b",),)), a_map("t p b b2", "p > t, b x p, b2 x b")),
    "unchallenged-thesis": ((a_map("t p", "p > t"), (("t",),)), a_map("t p p2 b", "p > t, p2 > p, b x r2")),
    "one-legged": ((a_map("t p e", "p > t, e > p"), (("t", "p"),)), a_map("t p p2 e", "p p2 > t, e > p")),
    "uneven-depth": (
        (a_map("t p1 p2 p3 p4 p5", "p1 > t, p5 > t, p2 > p1, p3 > p2, p4 > p3"), (("t", "p1", "p5"),)),
        a_map("t p1 p2 p3 p5", "p1 > t, p5 > t, p2 > p1, p3 > p2"),
    ),
    "bare-evidence": (
        (a_map("t e", "e > t", e={}), (("e",),)),
        a_map("t e e2", "e > t, e2 > t", e={"quotes": [Quote(exact="so it is")]}),
    ),
    "argued-evidence": ((a_map("t e p", "e > t, p > e"), (("e", "p"),)), a_map("t e e2", "e > t, e2 > e")),
    "orphaned-quote": (
        (a_map("t p", "p > t", p={"quotes": [Quote(exact="gone", state="orphan")]}), (("p",),)),
        a_map("t p", "p > t", p={"quotes": [Quote(exact="here", start=0, end=4)]}),
    ),
    "long-claim": (
        (a_map("t p", "p > t", p={"text": " ".join(["word"] * 31)}), (("p",),)),
        a_map("t p", "p > t", p={"text": " ".join(["word"] * 30)}),
    ),
    "near-duplicate": (
        (
            a_map(
                "t p p2", "p > t, p2 > t",
                p={"text": "Mexico is effectively a failed state today."},
                p2={"text": "Today, Mexico is effectively a failed state"},
            ),
            (("p", "p2"),),
        ),
        a_map(
            "t p p2 p3 p4", "p > t, p2 > t, p3 > t, p4 = p",
            p={"text": "Mexico is effectively a failed state today."},
            p2={"text": "Mexico is not effectively a failed state today."},
            p3={"text": "Mexico was effectively a broken country in 1994."},
            p4={"text": "Today Mexico is effectively a failed state."},
        ),
    ),
}  # fmt: skip


def test_every_rule_is_tried_here() -> None:
    assert set(WITH_AND_WITHOUT) == {rule.code for rule in RULES}
    assert len(RULES) == len({rule.code for rule in RULES})


@pytest.mark.parametrize("code", WITH_AND_WITHOUT)
def test_a_rule_finds_what_it_looks_for_and_nothing_else(code: str) -> None:
    (bad, concerned), good = WITH_AND_WITHOUT[code]
    found = [finding for finding in review(bad).findings if finding.code == code]
    assert tuple(finding.claims for finding in found) == concerned
    assert all(finding.severity is _severity(code) for finding in found)
    assert not [finding for finding in review(good).findings if finding.code == code]


def _severity(code: str) -> Severity:
    return next(rule.severity for rule in RULES if rule.code == code)


@pytest.mark.parametrize("code", WITH_AND_WITHOUT)
def test_a_rule_that_is_switched_off_finds_nothing_and_leaves_the_others_alone(code: str) -> None:
    (bad, _), _ = WITH_AND_WITHOUT[code]
    everything, rest = review(bad), review(bad, without={code})
    assert rest.findings == tuple(one for one in everything.findings if one.code != code)
    assert code not in rest.rules


def test_switching_off_a_rule_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NotFound, match="no-such-rule"):
        review(ArgumentMap(), without=["no-such-rule"])


@pytest.mark.parametrize("code", WITH_AND_WITHOUT)
def test_advice_is_one_sentence_that_names_the_claims_and_says_what_to_do(code: str) -> None:
    (bad, _), _ = WITH_AND_WITHOUT[code]
    for finding in review(bad).findings:
        assert finding.advice.endswith(".")
        assert ": " in finding.advice
        assert "\n" not in finding.advice
        assert all(claim in finding.advice for claim in finding.claims[:1])


def test_an_empty_map_only_lacks_a_thesis() -> None:
    assert [finding.code for finding in review(ArgumentMap()).findings] == ["no-thesis"]


def test_a_complete_little_case_has_no_findings() -> None:
    case = a_map("t p p2 e b b2", "p p2 > t, e > p, b x t, b2 x b")
    assert review(case).findings == ()


def test_a_reply_of_the_author_need_not_be_answered_but_an_objection_to_a_reply_must() -> None:
    def unanswered(names: str, links: str) -> list[tuple[str, ...]]:
        return [
            one.claims
            for one in review(a_map(names, links)).findings
            if one.code == "unanswered-attack"
        ]

    assert unanswered("t b b2", "b x t, b2 x b") == []
    assert unanswered("t b b2 b3", "b x t, b2 x b, b3 x b2") == [("b3",)]
    assert unanswered("t b p", "b x t, p x r1") == []  # an undercut is an answer
    assert unanswered("p p2 b", "p2 > p, b x p") == [("b",)]  # without a thesis there are no sides


def test_a_circle_through_a_restatement_or_a_backing_is_a_circle() -> None:
    def circles(names: str, links: str) -> list[tuple[str, ...]]:
        return [
            one.claims
            for one in review(a_map(names, links)).findings
            if one.code == "circular-reasoning"
        ]

    assert circles("t p p2", "p > t, p2 = t, p2 > p") == [("t", "p")]
    assert circles("t p", "p = t, p > t") == [("t",)]
    assert circles("t p", "p > t, t > r1") == [("t",)]


def test_a_rebuttal_that_backs_an_attack_is_not_idle_and_one_that_backs_a_support_is() -> None:
    def idle(links: str) -> list[tuple[str, ...]]:
        found = review(a_map("t p b b2", links)).findings
        return [one.claims for one in found if one.code == "idle-rebuttal"]

    assert idle("p > t, b x t, b2 > r2") == []
    assert idle("p > t, b x t, b2 > r1") == [("b2",)]


def test_advice_counts_lost_quotes() -> None:
    def advice(count: int) -> str:
        lost = [Quote(exact=f"gone {number}", state="orphan") for number in range(count)]
        return next(
            one.advice
            for one in review(a_map("t p", "p > t", p={"quotes": lost})).findings
            if one.code == "orphaned-quote"
        )

    assert advice(1).startswith("1 quote of p")
    assert advice(2).startswith("2 quotes of p")


def test_a_circle_is_shown_as_it_runs() -> None:
    def advice(names: str, links: str) -> list[str]:
        return [
            one.advice
            for one in review(a_map(names, links)).findings
            if one.code == "circular-reasoning"
        ]

    assert advice("t p", "p > t, t > p") == [
        "The reasons run in a circle (t (“Claim t.”) → p (“Claim p.”) → t (“Claim t.”)): "
        "rest one of them on something outside."
    ]
    assert advice("t p", "p = t, p > t") == [
        "t (“Claim t.”) is supported by its own restatement: give a reason that says something else."
    ]


@st.composite
def support_graphs(draw: st.DrawFn) -> ArgumentMap:
    size = draw(st.integers(2, 6))
    names = [f"p{number}" for number in range(size)]
    links = [
        f"{one} > {other}" for one, other in itertools.permutations(names, 2) if draw(st.booleans())
    ]
    return a_map(" ".join(names), ", ".join(links))


@settings(max_examples=60, deadline=None)
@given(support_graphs())
def test_every_claim_in_a_circle_is_in_one_of_the_shortest_circles_and_no_circle_comes_twice(
    drawn: ArgumentMap,
) -> None:
    edges = {(relation.sources[0], relation.target) for relation in drawn.relations}
    names = [claim.id for claim in drawn.claims]
    every = [
        order
        for length in range(2, len(names) + 1)
        for order in itertools.permutations(names, length)
        if order[0] == min(order)
        and all((one, other) in edges for one, other in itertools.pairwise((*order, order[0])))
    ]
    found = Shape(drawn).circles
    assert set(found) <= set(every)
    assert len(found) == len(set(found))
    for name in names:
        through = [len(circle) for circle in every if name in circle]
        if through:
            assert min(len(circle) for circle in found if name in circle) == min(through)


sentences = st.lists(
    st.sampled_from(
        ["state", "of", "law", "army", "police", "money", "border", "drugs", "cartel", "votes"]
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(sentences, min_size=2, max_size=8))
def test_near_duplicates_are_all_found_although_few_pairs_are_compared(
    texts: list[list[str]],
) -> None:
    claims = tuple(
        Claim(id=f"c{number}", kind="premise", text=" ".join(words))
        for number, words in enumerate(texts)
    )
    expected: dict[str, str] = {}
    for one, other in itertools.combinations(claims, 2):
        first, second = set(one.text.split()), set(other.text.split())
        alike = fuzz.token_sort_ratio(one.text, other.text) >= ALIKE
        if alike and len(first & second) / len(first | second) > 0.6 - 1e-9:
            expected.setdefault(other.id, one.id)
    assert {other.id: one.id for one, other in near_duplicates(claims)} == expected


def test_height_counts_the_longest_chain_of_reasons_and_enters_a_circle_once() -> None:
    assert Shape(a_map("t p p2 e", "p > t, e > t, p2 > p, e > p2")).height == {
        "t": 3,
        "p": 2,
        "p2": 1,
        "e": 0,
    }
    assert max(Shape(a_map("p p2", "p > p2, p2 > p")).height.values()) == 1


def test_depth_counts_the_steps_to_the_nearest_thesis_through_steps_too() -> None:
    depth = Shape(a_map("t p e b p3", "p > t, e > p, b x r1, p3 > b")).depth
    assert depth == {"t": 0, "p": 1, "r1": 1, "e": 2, "r2": 2, "b": 2, "r3": 2, "p3": 3, "r4": 3}


def test_a_deep_map_is_reviewed_without_recursion() -> None:
    size = 3_000
    names = ["t", *(f"p{number}" for number in range(size))]
    links = ["p0 > t", *(f"p{number + 1} > p{number}" for number in range(size - 1))]
    deep = a_map(" ".join(names), ", ".join([*links, f"p0 > p{size - 1}"]))
    circles = [one for one in review(deep).findings if one.code == "circular-reasoning"]
    assert [len(circle.claims) for circle in circles] == [size]


def test_a_tower_of_relations_on_relations_is_reviewed_in_linear_time() -> None:
    size = 20_000
    links = ["p > t", *(f"p > r{number}" for number in range(1, size))]
    tower = a_map("t p", ", ".join(links))
    assert "loose-claim" not in {one.code for one in review(tower).findings}


def test_a_map_of_the_same_claim_over_and_over_ends() -> None:
    words = {"text": "The same words over and over."}
    names = [f"p{number}" for number in range(3_000)]
    found = review(a_map(" ".join(names), **dict.fromkeys(names, words)))
    assert sum(one.code == "near-duplicate" for one in found.findings) == 2_999


def test_lines_name_the_file_the_severity_and_the_rule() -> None:
    found = review(
        a_map("t b", "b > t"), without=[rule.code for rule in RULES if rule.code != "idle-rebuttal"]
    )
    assert list(lines(found, "maps/one.json")) == [
        "maps/one.json: warning: The rebuttal b (“Claim b.”) attacks nothing: "
        "link it to what it speaks against, or call it a premise. [idle-rebuttal]"
    ]


def test_sarif_has_what_its_readers_need() -> None:
    bad = review(a_map("t p p2", "p > t, p > p2, p2 > p"))
    log = json.loads(json.dumps(sarif([("my maps/one.json", bad)], RULES, "1.2.3")))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [*(rule.code for rule in RULES), "invalid-map"]
    assert len(run["results"]) == len(bad.findings) > 0
    for result, finding in zip(run["results"], bad.findings, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.code
        assert result["level"] in {"error", "warning", "note"}
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"] == "my%20maps/one.json"
        named = [place["name"] for place in location["logicalLocations"]]
        assert named == [*finding.claims, *finding.relations]
    prints = [json.dumps(result["partialFingerprints"]) for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_a_review_survives_json() -> None:
    found = review(a_map("t p p2", "p > t, p > p2, p2 > p"))
    assert type(found).model_validate_json(found.model_dump_json()) == found


def test_the_documentation_has_every_rule_as_it_is() -> None:
    page = (Path(__file__).parents[2] / "docs" / "analysis" / "review.md").read_text(
        encoding="utf-8"
    )
    for rule in RULES:
        assert f"| `{rule.code}` | {rule.severity} | {rule.title} | {rule.reason} |" in page


def test_rule_codes_are_words_with_hyphens() -> None:
    allowed = set(string.ascii_lowercase) | {"-"}
    assert all(set(rule.code) <= allowed for rule in RULES)


def test_premises_that_are_linked_are_argued_as_deeply_as_the_deepest_of_them() -> None:
    deep = a_map("t p1 p2 p3 p4 p5", "p1 p5 > t, p2 > p1, p3 > p2, p4 > p3")
    assert "uneven-depth" not in {finding.code for finding in review(deep).findings}


def test_many_claims_on_one_leg_are_summed_up() -> None:
    names = " ".join(f"p{number}" for number in range(8))
    links = ", ".join(["p0 > t", *(f"p{number} > p{number - 1}" for number in range(1, 8))])
    (finding,) = (
        one for one in review(a_map(f"t {names}", links)).findings if one.code == "one-legged"
    )
    assert finding.severity is Severity.NOTE
    assert len(finding.claims) == 8
    assert finding.advice.startswith(
        "8 claims stand on one leg each, such as t (“Claim t.”), p0 (“Claim p0.”)"
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Mexico is a failed state today.", "Today Mexico is a failed state.", True),
        (
            "The tax should rise by two percent a year.",
            "The tax should rise by three percent a year.",
            False,
        ),
        (
            "The tax should rise for all who earn much.",
            "The tax should fall for all who earn much.",
            False,
        ),
        (
            "The mayor said that London must close the road.",
            "The mayor said that Paris must close the road.",
            False,
        ),
        (
            "The new law is legal in all of the states.",
            "The new law is illegal in all of the states.",
            False,
        ),
        ("The city must not close the old bridge.", "The city must close the old bridge.", False),
        (
            "The city must close the old bridge now.",
            "The city must close the old bridge soon.",
            True,
        ),
    ],
)
def test_numbers_names_denials_and_opposites_tell_claims_apart(
    one: str, other: str, same: bool
) -> None:
    map = a_map("t p p2", "p > t, p2 > t", p={"text": one}, p2={"text": other})
    assert bool(list(near_duplicates(map.claims))) is same
