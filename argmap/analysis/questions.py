"""Critical questions of the steps of a map: which are answered, which are open, and how to raise an open one."""

import re
from collections.abc import Collection

from argmap.analysis.schemes import (
    QUESTION_PREFIX,
    Aim,
    KnownScheme,
    Question,
    known_schemes,
    scheme_of,
)
from argmap.errors import Conflict, NotFound
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind, Scheme
from argmap.model.base import Value
from argmap.model.edits import add_claim, add_relation, find_relation, refusing


class Answer(Value):
    """A relation whose scheme names the question: its sources answer it, against the step (attack) or for it."""

    relation: str
    claims: tuple[str, ...]
    kind: RelationKind


class Asked(Value):
    """A critical question of one step of a map.

    `relation` is the step, `scheme` the key of its scheme. `target` is what a bad answer would attack: a claim or
    the step. It is open while `answers` is empty. `premises` are those of the scheme, which say what the letters in
    the question stand for (E an expert, A what is claimed).
    """

    relation: str
    scheme: str
    question: str
    text: str
    aim: Aim
    target: str
    answers: tuple[Answer, ...] = ()
    premises: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether nobody has answered it yet."""
        return not self.answers


class Questions(Value):
    """The critical questions of a map's steps, in its order, and the steps whose scheme argmap does not know."""

    questions: tuple[Asked, ...]
    unknown: tuple[str, ...]

    @property
    def open(self) -> tuple[Asked, ...]:
        """Return the questions that nobody has answered yet; a picture may show them as ghosts."""
        return tuple(one for one in self.questions if one.open)


def questions_of(map: ArgumentMap) -> Questions:
    """Ask of each step that names a known scheme what its scheme has to be asked.

    A question counts as answered when a relation names it as its scheme ("cq_expert_opinion_field") and targets the
    step, one of its premises or its conclusion.
    """
    answers: dict[tuple[str, str], list[Relation]] = {}
    for relation in map.relations:
        key = relation.scheme.key if relation.scheme else None
        if key is not None and key.startswith(QUESTION_PREFIX):
            answers.setdefault((key, relation.target), []).append(relation)
    asked, unknown = [], []
    for relation in map.relations:
        if relation.scheme is None or (relation.scheme.key or "").startswith(QUESTION_PREFIX):
            continue
        scheme = scheme_of(relation)
        if scheme is None:
            unknown.append(relation.id)
            continue
        places = dict.fromkeys((relation.id, *relation.sources, relation.target))
        for question in scheme.questions:
            found = [one for place in places for one in answers.get((question.key, place), ())]
            asked.append(_asked(relation, scheme, question, found))
    return Questions(questions=tuple(asked), unknown=tuple(unknown))


def raise_question(
    map: ArgumentMap, relation: str, question: str, text: str | None = None
) -> tuple[ArgumentMap, str, str]:
    """Turn a critical question of a step into a rebuttal: a new claim that attacks what a bad answer hits.

    `question` is its key. The claim says `text`, or the bad answer in general. Returns the new map and the ids of
    the new claim and relation. Raises NotFound for an unknown step, or a question that its scheme does not have,
    Conflict when it is answered already, and InvalidMap when the text does not do.
    """
    find_relation(map, relation)
    asked = next(
        (
            one
            for one in questions_of(map).questions
            if (one.relation, one.question) == (relation, question)
        ),
        None,
    )
    if asked is None:
        raise NotFound(f"the step {relation} has no critical question {question!r}")
    if not asked.open:
        raise Conflict(
            f"the question {question} of {relation} is answered by {asked.answers[0].relation} already"
        )
    known = next(one for one in known_schemes()[asked.scheme].questions if one.key == question)
    after, claim = add_claim(map, {"kind": ClaimKind.REBUTTAL, "text": text or known.rebuttal})
    link = {"kind": RelationKind.ATTACKS, "sources": [claim.id], "target": asked.target}
    after, attack = add_relation(after, {**link, "scheme": {"key": question, "name": known.text}})
    return after, claim.id, attack.id


def with_open_questions(map: ArgumentMap, relations: Collection[str] | None = None) -> ArgumentMap:
    """Return a map for drawing in which open questions stand as ghosts: implicit rebuttals that ask instead of claim.

    `relations` names the steps whose questions are shown; without it all are. Ghosts have the tag "question".
    Raises InvalidMap when the map would become too large.
    """
    claims, links = list(map.claims), list(map.relations)
    numbers = {"c": map.counters.claims, "r": map.counters.relations}
    for asked in questions_of(map).open:
        if relations is not None and asked.relation not in relations:
            continue
        claim, link = (_next(letter, numbers, map) for letter in "cr")
        claims.append(
            Claim(
                id=claim,
                kind=ClaimKind.REBUTTAL,
                text=_filled(asked.text, map, asked.relation),
                implicit=True,
                tags=("question",),
            )
        )
        links.append(
            Relation(
                id=link,
                kind=RelationKind.ATTACKS,
                sources=(claim,),
                target=asked.target,
                implicit=True,
                scheme=Scheme(key=asked.question),
            )
        )
    with refusing():
        return map.replace(claims=claims, relations=links)


# Who is meant by the letters of schemes, where the map does not say it.
_WHO = {"S": "this source", "E": "this person", "W": "this person", "P": "this person"}
_LETTERS = re.compile(r"\b[SEWP]\b")


def _filled(question: str, map: ArgumentMap, step: str) -> str:
    """Return a question of a scheme with the name of who says so in the step that it is asked of."""
    relation = map.relation(step)
    sources = [map.claim(id) for id in relation.sources] if relation else []
    names = [claim.speaker or (claim.source and claim.source.author) for claim in sources if claim]
    name = next((name for name in names if name), None)
    words = _LETTERS.sub(lambda letter: name or _WHO[letter[0]], question)
    return words[0].upper() + words[1:]


def _next(letter: str, numbers: dict[str, int], map: ArgumentMap) -> str:
    numbers[letter] += 1
    while f"{letter}{numbers[letter]}" in map.by_id:
        numbers[letter] += 1
    return f"{letter}{numbers[letter]}"


def _asked(
    relation: Relation, scheme: KnownScheme, question: Question, found: list[Relation]
) -> Asked:
    target = relation.id
    if question.aim is Aim.CONCLUSION:
        target = relation.target
    elif question.aim is Aim.PREMISE and len(relation.sources) == 1:
        target = relation.sources[0]  # which of several premises is meant only a reader can tell
    return Asked(
        relation=relation.id,
        scheme=scheme.key,
        question=question.key,
        text=question.text,
        aim=question.aim,
        target=target,
        answers=tuple(Answer(relation=one.id, claims=one.sources, kind=one.kind) for one in found),
        premises=tuple(premise.text for premise in scheme.premises),
    )
