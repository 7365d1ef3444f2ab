"""Analyses laid over a picture: strengths as bars, findings of the review as marks, open questions as ghosts."""

from argmap.analysis import strength
from argmap.analysis.questions import with_open_questions
from argmap.analysis.review import review
from argmap.model import ArgumentMap
from argmap.picture import Note, Overlay
from schemas.pictures import Laid


def overlay_of(map: ArgumentMap, analysis: Laid) -> tuple[ArgumentMap, Overlay]:
    """Return the map to draw and what to lay over its claims."""
    match analysis:
        case Laid.STRENGTH:
            return map, {id: Note(strength=value) for id, value in strength(map).claims.items()}
        case Laid.REVIEW:
            marks: dict[str, list[str]] = {}
            for finding in review(map).findings:
                for id in finding.claims[:1]:  # the most important one
                    marks.setdefault(id, []).append(finding.code.replace("-", " "))
            return map, {id: Note(marks=tuple(dict.fromkeys(found))) for id, found in marks.items()}
        case Laid.QUESTIONS:
            return with_open_questions(map), {}
