"""Analyses laid over a picture: strengths as bars, findings of the review as marks, open questions as ghosts."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

from argmap.model import ArgumentMap
from argmap.picture import Note, Overlay


class Laid(StrEnum):
    """An analysis that is laid over a picture.

    `strength`: a bar on each claim (quadratic energy); `review`: what a coach would mark; `questions`: open critical
    questions as dashed cards.
    """

    STRENGTH = "strength"
    REVIEW = "review"
    QUESTIONS = "questions"


def overlay_of(map: ArgumentMap, analysis: Laid) -> tuple[ArgumentMap, Overlay]:
    """Return the map to draw and what to lay over its claims."""
    match analysis:  # each brings along what only it needs
        case Laid.STRENGTH:
            from argmap.analysis import strength

            found = strength(map).claims
            return map, _strengths(found)
        case Laid.REVIEW:
            from argmap.analysis.review import review

            marks: dict[str, list[str]] = {}
            for finding in review(map).findings:
                for id in finding.claims[:1]:  # the most important one
                    marks.setdefault(id, []).append(finding.code.replace("-", " "))
            return map, {id: Note(marks=tuple(dict.fromkeys(found))) for id, found in marks.items()}
        case Laid.QUESTIONS:
            from argmap.analysis.questions import with_open_questions

            asked = with_open_questions(map)
            ghosts = [claim.id for claim in asked.claims if map.claim(claim.id) is None]
            return asked, {id: Note(question=True) for id in ghosts}


def _strengths(found: Mapping[str, float]) -> Overlay:
    """Return strengths as notes; one that most claims share says nothing of any, and is not drawn."""
    shown = Counter(round(value, 2) for value in found.values())
    usual = next((value for value, count in shown.most_common(1) if 2 * count > len(found)), None)
    return {
        id: Note(strength=value, shows_strength=round(value, 2) != usual)
        for id, value in found.items()
    }
