"""Analyses laid over a picture: strengths as bars, findings of the review as marks, open questions as ghosts."""

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

            return map, {id: Note(strength=value) for id, value in strength(map).claims.items()}
        case Laid.REVIEW:
            from argmap.analysis.review import review

            marks: dict[str, list[str]] = {}
            for finding in review(map).findings:
                for id in finding.claims[:1]:  # the most important one
                    marks.setdefault(id, []).append(finding.code.replace("-", " "))
            return map, {id: Note(marks=tuple(dict.fromkeys(found))) for id, found in marks.items()}
        case Laid.QUESTIONS:
            from argmap.analysis.questions import with_open_questions

            return with_open_questions(map), {}
