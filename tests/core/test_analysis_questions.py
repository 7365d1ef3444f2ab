"""The list of schemes is whole and consistent; the questions of a map's steps are asked, answered and raised."""

from pathlib import Path

import pytest

import argmap
from argmap.analysis.questions import questions_of, raise_question, with_open_questions
from argmap.analysis.schemes import LITERATURE, Aim, known_schemes, scheme_of
from argmap.errors import Conflict, InvalidMap, NotFound
from argmap.model import ArgumentMap, Claim, Relation, Scheme

SCHEMES = known_schemes().values()
FIELD = "cq_expert_opinion_field"


def test_there_are_at_least_twenty_five_schemes_from_the_literature() -> None:
    assert len(SCHEMES) >= 25
    cited = {source for scheme in SCHEMES for source in scheme.after}
    assert cited == set(LITERATURE)
    assert all("WRM" in scheme.after for scheme in SCHEMES)


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.key)
def test_a_scheme_is_complete_and_fits_into_a_map(scheme) -> None:
    assert scheme.premises
    assert len(scheme.questions) >= 2
    assert all(question.text.endswith("?") for question in scheme.questions)
    statements = [scheme.conclusion, *(one.text for one in scheme.premises)]
    assert all(text.endswith(".") for text in statements)
    assert len({premise.role for premise in scheme.premises}) == len(scheme.premises)
    for question in scheme.questions:
        assert question.rebuttal.endswith(".")
        Scheme(key=question.key, name=question.text)
        Claim(id="c1", kind="rebuttal", text=question.rebuttal)


def test_names_and_question_keys_are_unique() -> None:
    names = [scheme.name.casefold() for scheme in SCHEMES]
    keys = [question.key for scheme in SCHEMES for question in scheme.questions]
    assert len(names) == len(set(names))
    assert len(keys) == len(set(keys))
    assert not set(keys) & set(known_schemes())


def test_the_documentation_lists_every_scheme() -> None:
    page = (Path(__file__).parents[2] / "docs" / "analysis" / "questions.md").read_text(
        encoding="utf-8"
    )
    for scheme in SCHEMES:
        assert f"| `{scheme.key}` | {scheme.name} | {len(scheme.questions)} |" in page
    for source in LITERATURE.values():
        assert source in page


def step(scheme: Scheme | None, *more: Relation, sources: tuple[str, ...] = ("p",)) -> ArgumentMap:
    return ArgumentMap(
        claims=[
            Claim(id="t", kind="thesis", text="The bridge must close."),
            Claim(id="p", kind="premise", text="The engineer says so."),
            Claim(id="q", kind="premise", text="She is an engineer."),
            Claim(id="a", kind="premise", text="She builds bridges."),
        ],
        relations=[
            Relation(id="r1", kind="supports", sources=sources, target="t", scheme=scheme),
            *more,
        ],
    )


def answer(target: str, kind: str = "supports", key: str = FIELD) -> Relation:
    return Relation(id="r2", kind=kind, sources=("a",), target=target, scheme=Scheme(key=key))


@pytest.mark.parametrize(
    "scheme",
    [
        Scheme(key="expert_opinion"),
        Scheme(key="expert_opinion", name="Whatever"),
        Scheme(name="Expert opinion"),
        Scheme(name="Argument from Expert Opinion"),
    ],
)
def test_a_step_is_asked_the_questions_of_its_scheme(scheme: Scheme) -> None:
    asked = questions_of(step(scheme))
    expected = known_schemes()["expert_opinion"].questions
    assert [one.question for one in asked.questions] == [one.key for one in expected]
    assert asked.open == asked.questions
    assert asked.unknown == ()


def test_a_step_without_scheme_is_asked_nothing_and_an_unknown_scheme_is_listed() -> None:
    assert questions_of(step(None)).questions == ()
    assert questions_of(step(Scheme(name="My own kind of step"))).unknown == ("r1",)
    assert questions_of(step(Scheme(key="no_such_scheme"))).unknown == ("r1",)
    assert scheme_of(step(None).relations[0]) is None


@pytest.mark.parametrize("target", ["r1", "p", "t"])
@pytest.mark.parametrize("kind", ["supports", "attacks"])
def test_a_relation_that_names_the_question_answers_it(target: str, kind: str) -> None:
    asked = questions_of(step(Scheme(key="expert_opinion"), answer(target, kind)))
    (answered,) = [one for one in asked.questions if not one.open]
    assert answered.question == FIELD
    assert [(one.relation, one.claims, one.kind) for one in answered.answers] == [
        ("r2", ("a",), kind)
    ]
    assert asked.unknown == ()  # an answer is not itself asked anything


def test_an_answer_elsewhere_in_the_map_does_not_count() -> None:
    asked = questions_of(step(Scheme(key="expert_opinion"), answer("q")))
    assert asked.open == asked.questions


@pytest.mark.parametrize(("sources", "target"), [(("p",), "p"), (("p", "q"), "r1")])
def test_a_question_about_a_premise_aims_at_it_when_there_is_only_one(
    sources: tuple[str, ...], target: str
) -> None:
    asked = questions_of(step(Scheme(key="expert_opinion"), sources=sources)).questions
    assert {one.target for one in asked if one.aim is Aim.PREMISE} == {target}
    assert {one.target for one in asked if one.aim is Aim.STEP} == {"r1"}


def test_a_question_about_the_conclusion_aims_at_it() -> None:
    asked = questions_of(step(Scheme(key="positive_consequences"))).questions
    assert {one.target for one in asked if one.aim is Aim.CONCLUSION} == {"t"}


def test_an_open_question_becomes_a_rebuttal_that_answers_it() -> None:
    before = step(Scheme(key="expert_opinion"))
    after, claim, attack = raise_question(before, "r1", FIELD)
    rebuttal, link = after.claim(claim), after.relation(attack)
    assert rebuttal is not None
    assert link is not None
    assert (rebuttal.kind, rebuttal.text) == (
        "rebuttal",
        "The matter lies outside the expert's field.",
    )
    assert (link.kind, link.sources, link.target) == ("attacks", (claim,), "r1")
    assert len(questions_of(after).open) == len(questions_of(before).open) - 1
    with pytest.raises(Conflict, match=attack):
        raise_question(after, "r1", FIELD)


def test_every_question_of_every_scheme_can_be_raised() -> None:
    for scheme in SCHEMES:
        drawn = step(Scheme(key=scheme.key))
        for question in scheme.questions:
            drawn, _, _ = raise_question(drawn, "r1", question.key)
        assert questions_of(drawn).open == ()
        assert len(drawn.claims) == 4 + len(scheme.questions)


def test_a_rebuttal_can_say_it_in_ones_own_words() -> None:
    after, claim, _ = raise_question(
        step(Scheme(key="expert_opinion")), "r1", FIELD, text="She builds roads."
    )
    assert after.by_id[claim].text == "She builds roads."


def test_raising_what_cannot_be_raised_is_refused() -> None:
    drawn = step(Scheme(key="expert_opinion"))
    with pytest.raises(NotFound):
        raise_question(drawn, "r9", FIELD)
    with pytest.raises(NotFound, match="cq_sign_other"):
        raise_question(drawn, "r1", "cq_sign_other")
    with pytest.raises(InvalidMap):
        raise_question(drawn, "r1", FIELD, text="x" * 3_000)


def test_open_questions_stand_in_a_map_for_drawing_as_ghosts() -> None:
    drawn = step(Scheme(key="expert_opinion"), answer("r1"))
    ghosts = with_open_questions(drawn)
    new = [claim for claim in ghosts.claims if drawn.claim(claim.id) is None]
    asked = questions_of(drawn).open
    assert [claim.text for claim in new] == [
        one.text.replace(" E ", " this person ") for one in asked
    ]
    assert all(
        claim.implicit and claim.kind == "rebuttal" and claim.tags == ("question",) for claim in new
    )
    links = [relation for relation in ghosts.relations if drawn.relation(relation.id) is None]
    assert [(link.target, link.implicit, link.kind) for link in links] == [
        (one.target, True, "attacks") for one in asked
    ]
    assert with_open_questions(drawn, relations=["r2"]) == drawn
    assert with_open_questions(drawn, relations=["r1"]) == ghosts != drawn
    svg = argmap.render(ghosts)
    assert "How good an expert is this person really?" in svg
    assert "cq " not in svg, "names that nobody gave are not shown"
    said = drawn.replace(claims=[c.replace(speaker="Dr. Vale") for c in drawn.claims])
    assert "How good an expert is Dr. Vale really?" in argmap.render(with_open_questions(said))


def test_questions_survive_json() -> None:
    asked = questions_of(step(Scheme(key="expert_opinion"), answer("r1")))
    assert type(asked).model_validate_json(asked.model_dump_json()) == asked
